import { createHash, createPublicKey, randomUUID, type KeyObject } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startApi, type Api } from '../support/api.ts'
import { decode, forge, hmac, noSignature, signer } from '../support/forge.ts'
import { createKeyFolder, newKey, privatePem, publicPem, signedBy, type KeyFolder } from '../support/keyFiles.ts'
import { signInAs, type SignedIn } from '../support/people.ts'

const secret = 'Tn4uYw8ZkQ1vXr6LpBs3HdGf9JmCa2Eo5Ki7RtVyNx0='
const [ours, theirs] = [newKey('EdDSA'), newKey('EdDSA')]
const [p256, rsa] = [newKey('ES256'), newKey('RS256')]
const day = 86_400

/** Tokens over HTTP, on a service whose key signs with EdDSA while tokens of an older secret are still accepted. */
describe('an access token', () => {
  let [api, folder, person, outside]: [Api?, KeyFolder?, SignedIn?, string?] = []
  let visits = 0
  const stranger = createServer((_request, response) => {
    visits += 1
    response.end('{"keys":[]}')
  })

  beforeAll(async () => {
    folder = createKeyFolder()
    const env = { ...signedBy(folder.write('signing.pem', privatePem(ours))), JWT_PREVIOUS_SECRETS: secret }
    api = await startApi({ env })
    person = await signInAs(api, 'user')
    stranger.listen(0, '127.0.0.1')
    await once(stranger, 'listening')
    outside = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}/keys`
  })
  afterAll(async () => {
    stranger.close()
    await api?.close()
    folder?.remove()
  })

  const status = async (token: string) => (await api!.send('GET', '/v1/auth/me', { token })).status
  const genuine = () => decode(person!.token)
  const now = () => Math.floor(Date.now() / 1000)
  /** Signed with our key; `undefined` takes a member away. */
  const signed = (claims: object, header: object = {}, key: KeyObject = ours) =>
    forge({ ...genuine().header, ...header }, { ...genuine().claims, ...claims }, signer(key))
  const unsigned = (header: object) => forge({ ...genuine().header, ...header }, genuine().claims, noSignature)
  const oldKid = createHash('sha256')
    .update(JSON.stringify({ k: Buffer.from(secret).toString('base64url'), kty: 'oct' }))
    .digest('base64url')

  // JWT-04, JWT-05, JWT-09: what the refusals below are held against
  test.each<[string, () => string]>([
    ['as it was issued', () => person!.token],
    ['with `aud` a list that has us in it', () => signed({ aud: ['other', 'user-management-api'] })],
    ['50 seconds after its end, for clocks differ', () => signed({ iat: now() - 950, exp: now() - 50 })],
    ['from a clock 50 seconds ahead', () => signed({ iat: now() + 50, exp: now() + 950 })],
    [
      'of an older secret',
      () => forge({ ...genuine().header, alg: 'HS256', kid: oldKid }, genuine().claims, hmac(secret)),
    ],
  ])('is accepted %s', async (_name, token) => {
    expect(await status(token())).toBe(200)
  })

  const jwk = () => createPublicKey(theirs).export({ format: 'jwk' })
  const raw = Buffer.from((createPublicKey(ours).export({ format: 'jwk' }) as { x: string }).x, 'base64url')
  const asHmac = (key: string | Buffer, kid?: string) =>
    forge({ ...genuine().header, alg: 'HS256', ...(kid ? { kid } : {}) }, genuine().claims, hmac(key))

  test.each<[string, string, () => string]>([
    ['ABU-30', 'alg none without signature', () => unsigned({ alg: 'none' })],
    ['ABU-30', 'alg none with a signature', () => signed({}, { alg: 'none' })],
    ['ABU-31', 'alg None', () => unsigned({ alg: 'None' })],
    ['ABU-31', 'alg nOnE', () => unsigned({ alg: 'nOnE' })],
    ['ABU-31', 'no alg', () => signed({}, { alg: undefined })],
    ['ABU-31', 'alg a number', () => signed({}, { alg: 7 })],
    ['ABU-31', 'alg a list', () => signed({}, { alg: ['EdDSA'] })],
    ['ABU-31', 'alg null', () => signed({}, { alg: null })],
    ['LAB-13', 'HS256 with the public key as PEM', () => asHmac(publicPem(createPublicKey(ours)))],
    ['LAB-13', 'HS256 with the public key as bytes', () => asHmac(raw)],
    ['LAB-13', 'HS256 with an empty secret', () => asHmac('')],
    ['LAB-13', 'HS256 with the older secret under the name of the key pair', () => asHmac(secret)],
    ['LAB-13', 'EdDSA under the name of the older secret', () => signed({}, { kid: oldKid })],
    [
      'LAB-13',
      'HS512 with the older secret',
      () => forge({ ...genuine().header, alg: 'HS512', kid: oldKid }, genuine().claims, hmac(secret, 'sha512')),
    ],
    ['ABU-33', 'ES384 of an unknown key', () => signed({}, { alg: 'ES384' }, p256)],
    ['ABU-33', 'ES256 of an unknown key', () => signed({}, { alg: 'ES256' }, p256)],
    ['ABU-33', 'RS256 of an unknown key', () => signed({}, { alg: 'RS256' }, rsa)],
    ['ABU-33', 'EdDSA of an unknown key', () => signed({}, {}, theirs)],
    ['ABU-33', 'Ed25519, the other name of EdDSA', () => signed({}, { alg: 'Ed25519' })],
    ['ABU-34', 'no signature', () => person!.token.split('.').slice(0, 2).join('.') + '.'],
    ['ABU-34', 'two parts', () => person!.token.split('.').slice(0, 2).join('.')],
    ['ABU-34', 'four parts', () => `${person!.token}.e30`],
    ['ABU-34', 'half a signature', () => person!.token.slice(0, -43)],
    [
      'ABU-34',
      'the JSON serialisation',
      () => JSON.stringify({ payload: person!.token.split('.')[1], signatures: [] }),
    ],
    [
      'ABU-35',
      'claims changed, old signature',
      () => {
        const [header, , signature] = person!.token.split('.')
        const claims = { ...genuine().claims, role: 'admin' }
        return `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}`
      },
    ],
    ['ABU-36', 'kid a path', () => signed({}, { kid: '../../../../dev/null' })],
    ['ABU-36', 'kid a path, signed with the empty file', () => asHmac('', '/dev/null')],
    ['ABU-37', 'kid an injection', () => signed({}, { kid: "x' UNION SELECT 'k'--" })],
    ['ABU-37', 'kid of 10 KB', () => signed({}, { kid: 'k'.repeat(10_240) })],
    ['JWT-06', 'no kid', () => signed({}, { kid: undefined })],
    ['JWT-06', 'kid a list', () => signed({}, { kid: [genuine().header.kid] })],
    ['JWT-06', 'kid of an inherited member', () => signed({}, { kid: '__proto__' })],
    ['ABU-38', 'jku', () => signed({}, { jku: outside, kid: 'theirs' }, theirs)],
    ['ABU-38', 'x5u beside our own kid', () => signed({}, { x5u: outside }, theirs)],
    ['ABU-39', 'an embedded jwk', () => signed({}, { jwk: jwk() }, theirs)],
    ['ABU-39', 'an embedded jwk without kid', () => signed({}, { jwk: jwk(), kid: undefined }, theirs)],
    ['ABU-39', 'x5c', () => signed({}, { x5c: ['MIIB'] }, theirs)],
    ['JWT-07', 'an unknown critical extension', () => signed({}, { crit: ['exp2'], exp2: 1 })],
    ['JWT-07', 'b64 false', () => signed({}, { crit: ['b64'], b64: false })],
    ['JWT-07', 'b64 false, not critical', () => signed({}, { b64: false })],
    ['JWT-07', 'zip', () => signed({}, { zip: 'DEF' })],
    ['JWT-07', 'a nested token', () => signed({}, { cty: 'JWT' })],
    [
      'JWT-07',
      'an encrypted token',
      () => `${Buffer.from('{"alg":"dir","enc":"A256GCM"}').toString('base64url')}..aaaa.bbbb.cccc`,
    ],
    ['JWT-07', 'more than 8 KiB', () => signed({ filler: 'x'.repeat(8192) })],
    ['JWT-07', 'a header that is no object', () => forge('"EdDSA"', genuine().claims, signer(ours))],
    ...['iss', 'aud', 'sub', 'exp', 'iat', 'jti', 'sid'].map((claim): [string, string, () => string] => [
      'JWT-04',
      `no ${claim}`,
      () => signed({ [claim]: undefined }),
    ]),
    ['ABU-43', 'another issuer', () => signed({ iss: 'https://login.example' })],
    ['ABU-43', 'another audience', () => signed({ aud: 'another-api' })],
    ['ABU-43', 'audiences without us', () => signed({ aud: ['another-api', 'and-another'] })],
    ['ABU-43', 'typ JWT', () => signed({}, { typ: 'JWT' })],
    ['JWT-04', 'sub a number', () => signed({ sub: 7 })],
    ['JWT-04', 'sub no id', () => signed({ sub: 'admin' })],
    ['JWT-04', 'sid no id', () => signed({ sid: "' OR 1=1" })],
    ['JWT-04', 'sub another user', () => signed({ sub: randomUUID() })],
    ['JWT-04', 'sid of no session', () => signed({ sid: randomUUID() })],
    ['JWT-05', '61 seconds after its end', () => signed({ iat: now() - 961, exp: now() - 61 })],
    ['JWT-05', 'older than its life, whatever its end', () => signed({ iat: now() - 961, exp: now() + 365 * day })],
    ['ABU-41', 'no end', () => signed({ exp: undefined })],
    ['ABU-41', 'an end that is text', () => signed({ exp: String(now() + 600) })],
    ['ABU-41', 'an end in ten years', () => signed({ iat: now() - 17 * 60, exp: now() + 3650 * day })],
    ['ABU-42', 'made tomorrow', () => signed({ iat: now() + day, exp: now() + day + 900 })],
    ['ABU-42', 'valid from tomorrow on', () => signed({ nbf: now() + day })],
    ['JWT-03', 'a refresh token', () => person!.refreshToken],
    ...['refresh+jwt', 'reset+jwt', 'mfa+jwt', 'id+jwt', undefined].map((typ): [string, string, () => string] => [
      'JWT-03',
      `typ ${typ}`,
      () => signed({}, { typ }),
    ]),
  ])('JWT-01! %s: is refused with %s, and nobody learns why', async (_id, _name, token) => {
    const answer = await api!.send('GET', '/v1/auth/me', { token: token() })
    expect(answer.status).toBe(401)
    // JWT-12 and JWT-16: every reason looks the same.
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="user-management-api", error="invalid_token"')
    expect({ ...(answer.body as object), request_id: '' }).toEqual({
      type: '/problems/invalid-token',
      title: 'The token is not valid',
      status: 401,
      instance: '/v1/auth/me',
      request_id: '',
    })
    expect(visits).toBe(0)
  })

  test('JWT-03: is no refresh token and no cursor, and a cursor is no token', async () => {
    const { token } = await signInAs(api!, 'admin')
    const refresh = await api!.send('POST', '/v1/auth/refresh', { body: { refresh_token: token.slice(0, 43) } })
    expect([400, 401]).toContain(refresh.status)
    const list = await api!.send('GET', '/v1/users', { token, query: { limit: 1 } })
    const { page } = list.body as { page: { next_cursor: string } }
    expect(await status(page.next_cursor)).toBe(401)
    const asCursor = await api!.send('GET', '/v1/users', { token, query: { cursor: token, limit: 1 } })
    expect(asCursor.status).toBe(400)
    const next = await api!.send('GET', '/v1/users', { token, query: { cursor: page.next_cursor, limit: 1 } })
    expect(next.status).toBe(200)
  })
})
