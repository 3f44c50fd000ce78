import manifest from '../../package.json' with { type: 'json' }
import { startApi, type Api } from '../support/api.ts'
import { addPerson, signIn, uniqueName } from '../support/people.ts'

const secret = 'MARKER-Zx81-secret'
const json = { 'content-type': 'application/json' }
const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'

describe('the log', () => {
  let api: Api
  let token: string
  let id: string
  beforeAll(async () => {
    api = await startApi({ env: { LOG_LEVEL: 'trace' } })
    const { username } = await addPerson(api, { role: 'admin' })
    const signedIn = await signIn(api, username)
    token = signedIn.token
    id = signedIn.user.id
  })
  afterAll(() => api.close())

  test('LOG-01! has one line for each request, which says who asked for what and how it went', async () => {
    const before = api.log.length
    const answer = await api.send('GET', `/v1/users/${id}`, { token, headers: { traceparent } })
    expect(api.log.slice(before)).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as unknown,
        service: expect.any(String) as unknown,
        instance: expect.stringMatching(/^.+:\d+$/) as unknown,
        version: manifest.version,
        msg: 'request answered',
        request_id: answer.headers['x-request-id'],
        trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
        method: 'GET',
        route: '/v1/users/{user_id}',
        operation: 'getUser',
        status: 200,
        duration_ms: expect.any(Number) as unknown,
        actor_id: id,
        ip: '127.0.0.1',
      },
    ])
  })

  test('has a line for requests that reach no operation', async () => {
    await api.send('GET', `/${secret}`, { query: { q: secret } })
    expect(api.log.at(-1)).toMatchObject({ method: 'GET', route: 'unmatched', status: 404, problem: 'not-found' })
    expect(api.log.at(-1)).not.toHaveProperty('operation')
  })

  /** Everything a client can put a secret into, where it is refused and where it is taken. */
  async function sendSecretsEverywhere(): Promise<void> {
    const name = uniqueName('logged')
    const account = { username: name, email: `${name}@example.com`, password: `${secret}-password` }
    const created = await api.send('POST', '/v1/users', { token, body: account })
    expect(created.status).toBe(201)
    expect((await api.send('POST', '/v1/users', { token, body: account })).status).toBe(409)
    const signedIn = await api.send('POST', '/v1/auth/login', {
      body: { email: account.email, password: account.password },
    })
    const { access_token, refresh_token } = signedIn.body as { access_token: string; refresh_token: string }
    secrets.push(access_token, refresh_token)
    const refreshed = await api.send('POST', '/v1/auth/refresh', { body: { refresh_token } })
    expect(refreshed.status).toBe(200)
    await api.send('POST', '/v1/auth/refresh', { body: { refresh_token: secret } })
    await api.send('GET', '/v1/auth/me', { token: access_token })

    const login = (sent: object) => api.send('POST', '/v1/auth/login', sent)
    await login({ body: { identifier: secret, password: secret } })
    await login({ raw: `{"identifier":"x","password":"${secret}`, headers: json })
    await login({ raw: `{"password":"${secret}","password":"${secret}"}`, headers: json })
    await login({ body: { [secret]: secret }, query: { password: secret } })
    await login({ raw: secret, headers: { 'content-type': `text/${secret}` } })
    await login({ raw: secret.repeat(10_000), headers: json })
    await api.send('GET', '/v1/auth/me', { token: secret })
    await api.send('GET', '/v1/auth/me', { headers: { authorization: `Basic ${secret}`, cookie: `session=${secret}` } })
    await api.send('GET', '/v1/users', { token, query: { cursor: secret }, headers: { 'user-agent': secret } })
    await api.send('GET', '/v1/users', { token, headers: { accept: `text/${secret}`, origin: `https://${secret}` } })
    await api.send('PATCH', `/v1/users/${secret}`, { token, body: { email: secret } })
  }
  const secrets = [secret]

  test('LOG-02! never has a password, a token or anything else a client sent', async () => {
    const before = api.log.length
    await sendSecretsEverywhere()
    await api.database.query('ALTER TABLE audit_events ADD CONSTRAINT damage CHECK (false) NOT VALID')
    const broken = { username: 'late', email: `${secret}@example.com`, first_name: secret, password: `${secret}-late` }
    expect((await api.send('POST', '/v1/users', { token, body: broken })).status).toBe(500)
    await api.database.query('ALTER TABLE audit_events DROP CONSTRAINT damage')

    const text = JSON.stringify(api.log)
    for (const each of secrets) {
      const forms = [
        each,
        encodeURIComponent(each),
        Buffer.from(each).toString('base64'),
        Buffer.from(each).toString('hex'),
      ]
      for (const form of forms) expect(text.toLowerCase()).not.toContain(form.toLowerCase())
    }
    expect(api.log.length - before).toBeGreaterThan(18)
    expect(text).not.toMatch(/insert into|select |\$argon2|example\.com/i)
  })

  test('says of a failure what it was and where, by name, code, names of the schema and stack', () => {
    const failure = api.log.find(({ err, level }) => err !== undefined && level === 'error')
    expect(failure).toMatchObject({ level: 'error', request_id: expect.any(String) as unknown })
    const error = failure?.err as { type: string; code: string; stack: string[] }
    expect(Object.keys(error).sort()).toEqual(['about', 'code', 'stack', 'type'])
    const about = { table: 'audit_events', constraint: 'damage', routine: 'ExecConstraints' }
    expect(error).toMatchObject({ type: 'DatabaseError', code: '23514', about })
    expect(error.stack.join('\n')).toContain('src/queries/auditEvents.ts')
  })

  test('LOG-04! is one line for one request, whatever characters the client sends', async () => {
    const before = api.log.length
    const evil = '\u001b[31mred\u2028\u0000\r\n{"level":"fatal"}'
    await api.send('POST', '/v1/auth/login', { body: { identifier: evil, password: evil } })
    await api.send('GET', `/${encodeURIComponent(evil)}`, { headers: { 'x-request-id': '{"level":"fatal"}' } })
    expect(api.log.slice(before).filter(({ msg }) => msg === 'request answered')).toHaveLength(2)
    expect(api.log.slice(before).filter(({ level }) => level !== 'debug')).toHaveLength(2)
    expect(api.log.slice(before).map((line) => Object.values(line).join(''))).not.toContainEqual(
      expect.stringMatching(/[\u0000-\u001f\u2028]|fatal/),
    )
  })
})
