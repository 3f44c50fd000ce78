import { SignJWT } from 'jose'
import { startApi, type Api } from '../../support/api.ts'
import { signIn, signInAs } from '../../support/people.ts'
import { eventsOf } from '../../support/trail.ts'

const path = '/v1/auth/logout'

describe('logout', () => {
  let api: Api
  beforeAll(async () => {
    api = await startApi()
  })
  afterAll(() => api.close())

  test('SES-05! SES-09 ends this session at once, tokens and all, and no other', async () => {
    const first = await signInAs(api, 'user')
    const second = await signIn(api, first.user.username)
    const answer = await api.send('POST', path, { token: first.token })
    expect(answer.status).toBe(204)
    expect(await eventsOf(api, answer)).toMatchObject([
      { action: 'session.ended', subject_id: first.user.id, changes: { end_reason: { after: 'logout' } } },
    ])
    expect((await api.send('GET', '/v1/auth/me', { token: first.token })).body).toMatchObject({
      type: '/problems/invalid-token',
    })
    const refresh = await api.send('POST', '/v1/auth/refresh', { body: { refresh_token: first.refreshToken } })
    expect(refresh.status).toBe(401)
    expect((await api.send('GET', '/v1/auth/me', { token: second.token })).status).toBe(200)
  })

  test('SES-08! ABU-105 may be repeated, without another event', async () => {
    const { token } = await signInAs(api, 'user')
    expect((await api.send('POST', path, { token })).status).toBe(204)
    expect((await api.send('POST', path, { token, isNoChange: true })).status).toBe(204)
  })

  test('SES-08! works with a token that has expired and for an account that is gone', async () => {
    const admin = await signInAs(api, 'admin')
    const { token, user } = await signInAs(api, 'user')
    await api.send('DELETE', `/v1/users/${user.id}`, { token: admin.token })
    expect((await api.send('POST', path, { token, isNoChange: true })).status).toBe(204)
    const again = await signInAs(api, 'user')
    const expired = await resigned(api, again.token, { iat: 1_700_000_000, exp: 1_700_000_900 })
    expect((await api.send('GET', '/v1/auth/me', { token: expired })).status).toBe(401)
    expect((await api.send('POST', path, { token: expired })).status).toBe(204)
    expect((await api.send('GET', '/v1/auth/me', { token: again.token })).status).toBe(401)
  })

  test('is for genuine tokens only', async () => {
    const { token } = await signInAs(api, 'user')
    expect((await api.send('POST', path)).body).toMatchObject({ type: '/problems/unauthenticated' })
    const [head, payload, signature] = token.split('.')
    const forged = `${head}.${payload}.${signature!.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))}`
    expect((await api.send('POST', path, { token: forged })).body).toMatchObject({ type: '/problems/invalid-token' })
    expect((await api.send('GET', '/v1/auth/me', { token })).status).toBe(200)
  })
})

/** The same token with other claims, signed by the same key. */
async function resigned(api: Api, token: string, claims: object): Promise<string> {
  const [head, payload] = token.split('.').map((part) => Buffer.from(part, 'base64url').toString())
  const header = JSON.parse(head!) as { alg: string; typ: string; kid: string }
  const key = new TextEncoder().encode(api.context.config.tokens.secret)
  return new SignJWT({ ...(JSON.parse(payload!) as object), ...claims }).setProtectedHeader(header).sign(key)
}
