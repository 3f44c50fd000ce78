import { startApi, type Api } from '../support/api.ts'
import { decode, respell } from '../support/forge.ts'
import { createKeyFolder, newKey, privatePem, signedBy, type KeyFolder } from '../support/keyFiles.ts'
import { addPerson, signIn, signInAs } from '../support/people.ts'
import { exchange } from '../support/rawHttp.ts'

const realm = 'Bearer realm="user-management-api"'

describe('a bearer of a token signed with ES256', () => {
  let [api, folder]: [Api?, KeyFolder?] = []
  beforeAll(async () => {
    folder = createKeyFolder()
    api = await startApi({ env: signedBy(folder.write('signing.pem', privatePem(newKey('ES256')))) })
  })
  afterAll(async () => {
    await api?.close()
    folder?.remove()
  })

  test('JWT-08: holds ids and times alone, and a role that is a hint', async () => {
    const { user, token } = await signInAs(api!, 'admin')
    const { header, claims } = decode(token)
    expect(Object.keys(header).sort()).toEqual(['alg', 'kid', 'typ'])
    expect(Object.keys(claims).sort()).toEqual(['aud', 'exp', 'iat', 'iss', 'jti', 'role', 'sid', 'sub'])
    expect(JSON.stringify(claims)).not.toContain(user.username)
    expect(Number(claims.exp) - Number(claims.iat)).toBe(900)

    await signInAs(api!, 'admin')
    const demoted = await api!.send('PATCH', `/v1/users/${user.id}`, { token, body: { role: 'user' } })
    expect(demoted.status).toBe(200)
    // The end of the old session and the loss of the right are both an answer: the claim is none.
    expect([401, 403]).toContain((await api!.send('GET', '/v1/users', { token })).status)
  })

  test('JWT-12: is told how to authenticate', async () => {
    const { token } = await signInAs(api!, 'user')
    const [none, bad, missing] = await Promise.all([
      api!.send('GET', '/v1/auth/me'),
      api!.send('GET', '/v1/auth/me', { token: 'bad' }),
      api!.send('GET', '/v1/users', { token }),
    ])
    expect([none?.status, none?.headers['www-authenticate']]).toEqual([401, realm])
    expect([bad?.status, bad?.headers['www-authenticate']]).toEqual([401, `${realm}, error="invalid_token"`])
    expect([missing?.status, missing?.headers['www-authenticate']]).toEqual([
      403,
      `${realm}, error="insufficient_scope"`,
    ])
  })

  test('ABU-46: sends one Authorization field', async () => {
    const { token } = await signInAs(api!, 'user')
    const request = `GET /v1/auth/me HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\nAuthorization: Bearer x\r\nConnection: close\r\n\r\n`
    const [answer] = await exchange(Number(new URL(api!.url).port), request)
    expect(answer?.status).toBe(400)
  })

  test('JWT-13, ABU-45: sends the token in that field only, and no other place gets into the log', async () => {
    const { token } = await signInAs(api!, 'user')
    const inQuery = await api!.send('GET', '/v1/auth/me', { query: { access_token: token } })
    const inCookie = await api!.send('GET', '/v1/auth/me', { headers: { cookie: `access_token=${token}` } })
    const beside = await api!.send('GET', '/v1/auth/me', { token, query: { access_token: token } })
    expect([inQuery.status, inCookie.status, beside.status]).toEqual([401, 401, 400])
    expect(inQuery.headers['www-authenticate']).toBe(realm)
    expect(JSON.stringify(api!.log)).not.toContain(token)
    expect(JSON.stringify(api!.log)).not.toContain('access_token')
  })

  test('JWT-14: may write the scheme in any case, and sends one token', async () => {
    const { token } = await signInAs(api!, 'user')
    const status = async (authorization: string) =>
      (await api!.send('GET', '/v1/auth/me', { headers: { authorization } })).status
    for (const scheme of ['Bearer', 'bearer', 'BEARER', 'bEaReR ']) expect(await status(`${scheme} ${token}`)).toBe(200)
    const refused = [`Bearer ${token},`, `Bearer ${token}, Bearer ${token}`, `Bearer ${token} x`, `Bearer "${token}"`]
    const others = [`Basic ${token}`, `Bearer${token}`, 'Bearer', token, `Token ${token}`, `Bearer\t${token}`, ',']
    for (const authorization of [...refused, ...others]) expect(await status(authorization)).toBe(401)
  })

  test('JWT-15, ABU-47, LAB-14: cannot bring an ended session back with another spelling of its token', async () => {
    const { username } = await addPerson(api!)
    const { token } = await signIn(api!, username)
    const other = await signIn(api!, username)
    const spellings = [token, ...respell(token)]
    const statuses = () =>
      Promise.all(spellings.map(async (each) => (await api!.send('GET', '/v1/auth/me', { token: each })).status))
    // The mirrored signature is as good as the first: what ends must be the session, not the text.
    expect((await statuses()).slice(0, 2)).toEqual([200, 200])
    expect((await api!.send('POST', '/v1/auth/logout', { token })).status).toBe(204)
    expect(await statuses()).toEqual([401, 401, 401, 401])
    expect((await api!.send('GET', '/v1/auth/me', { token: other.token })).status).toBe(200)
  })

  test('JWT-17, HTP-16!: gets nothing that may be stored', async () => {
    const { token, refreshToken } = await signInAs(api!, 'user')
    const answers = await Promise.all([
      api!.send('GET', '/v1/auth/me', { token }),
      api!.send('HEAD', '/v1/auth/me', { token }),
      api!.send('GET', '/v1/auth/me', { token: 'bad' }),
      api!.send('POST', '/v1/auth/refresh', { body: { refresh_token: refreshToken } }),
    ])
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 401, 200])
    expect(answers.map(({ headers }) => headers['cache-control'])).toEqual(Array(4).fill('no-store'))
  })
})
