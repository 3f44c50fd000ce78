import { declaredResponses } from '../support/contract.ts'
import { startApi, type Api } from '../support/api.ts'
import { signInAs } from '../support/people.ts'
import { addressOf, exampleBody, isGuarded, operationsWhere, takesBody } from './requests.ts'

const realm = 'Bearer realm="user-management-api"'
const garbage = { query: 'surprise=1', raw: '{"unfinished', headers: { 'content-type': 'application/json' } }
const guarded = operationsWhere(isGuarded)
const restricted = operationsWhere((id) => '403' in declaredResponses(id))
// A signature, an algorithm, an issuer and a form that are not ours.
const forged = [
  'eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiIwMTk5ZDhiMiJ9.c2lnbmF0dXJl',
  'eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9.',
  'letmein',
]

describe('strangers', () => {
  let api: Api
  let user: string
  beforeAll(async () => {
    api = await startApi()
    user = (await signInAs(api, 'user')).token
  })
  afterAll(() => api.close())

  test.each(guarded)('%s refuses whoever sends no token, whatever else they send', async (id) => {
    const [method, path] = addressOf(id)
    const plain = await api.send(method, path, exampleBody(id))
    expect(plain.status).toBe(401)
    expect(plain.body).toMatchObject({ type: '/problems/unauthenticated' })
    // RFC 6750 section 3.1: no error code where nothing was tried.
    expect(plain.headers['www-authenticate']).toBe(realm)

    const broken = await api.send(method, path, { ...garbage, ...(takesBody(id) ? {} : { raw: '' }) })
    expect(broken.status).toBe(401)
    expect(broken.body).not.toHaveProperty('errors')
  })

  test.each(guarded)('%s refuses a token that is not ours', async (id) => {
    const [method, path] = addressOf(id)
    for (const token of forged) {
      const answer = await api.send(method, path, { token, ...exampleBody(id) })
      expect(answer.status).toBe(401)
      expect(answer.body).toMatchObject({ type: '/problems/invalid-token' })
      expect(answer.headers['www-authenticate']).toBe(`${realm}, error="invalid_token"`)
    }
  })

  test.each(guarded)('%s takes a token from the Authorization field alone', async (id) => {
    const [method, path] = addressOf(id)
    const query = { access_token: user }
    const headers = { cookie: `access_token=${user}`, 'x-access-token': user, 'proxy-authorization': `Bearer ${user}` }
    expect((await api.send(method, path, { query, headers, ...exampleBody(id) })).status).toBe(401)
  })

  test.each(restricted)(
    'AZ-09! %s refuses a caller without permission before it looks at what they send',
    async (id) => {
      const [method, path] = addressOf(id)
      const plain = await api.send(method, path, { token: user, ...exampleBody(id) })
      expect(plain.status).toBe(403)
      expect(plain.body).toMatchObject({ type: '/problems/forbidden' })
      expect(plain.headers['www-authenticate']).toBe(`${realm}, error="insufficient_scope"`)

      const broken = await api.send(method, path, { token: user, ...garbage, ...(takesBody(id) ? {} : { raw: '' }) })
      expect(broken.status).toBe(403)
      expect(broken.body).not.toHaveProperty('errors')
      expect(broken.body).not.toHaveProperty('detail')
    },
  )

  test('login and refreshTokens refuse secrets that are not ours', async () => {
    const login = await api.send('POST', '/v1/auth/login', exampleBody('login'))
    expect([login.status, login.headers['www-authenticate']]).toEqual([401, realm])
    const refresh = await api.send('POST', '/v1/auth/refresh', exampleBody('refreshTokens'))
    expect([refresh.status, refresh.headers['www-authenticate']]).toEqual([401, `${realm}, error="invalid_token"`])
  })
})
