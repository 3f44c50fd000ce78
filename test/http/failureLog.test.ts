import { sendMail } from '../../src/jobs/sendMail.ts'
import { startApi, type Api } from '../support/api.ts'
import { addPerson, password, signIn } from '../support/people.ts'
import { startSmtpSink } from '../support/smtpSink.ts'

const marker = 'MARKERq7w-secret'
const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'

describe('what the log says of failures', () => {
  let api: Api
  let token: string
  beforeAll(async () => {
    api = await startApi({ env: { LOG_LEVEL: 'trace' } })
    token = (await signIn(api, (await addPerson(api, { role: 'admin' })).username)).token
  })
  afterAll(() => api.close())
  const json = { 'content-type': 'application/json' }
  const create = (name: string, headers = {}) =>
    api.send('POST', '/v1/users', {
      ...{ token, headers },
      body: {
        username: name,
        email: `${name}-${marker}@example.com`,
        first_name: marker,
        password: `${marker}-${name}`,
      },
    })

  /** The lines that `work` made, as text. */
  async function linesOf(work: () => Promise<unknown>): Promise<string> {
    const before = api.log.length
    await work()
    return JSON.stringify(api.log.slice(before))
  }

  test.each<[string, () => Promise<unknown>, RegExp]>([
    [
      'a body that is no JSON',
      () => api.send('POST', '/v1/auth/login', { raw: `{"password":"${marker}`, headers: json }),
      /"problem":"malformed-json"|"problem":"malformed-request"/,
    ],
    [
      'a unique index that refuses (23505)',
      async () => {
        await create('taken')
        expect((await create('taken')).status).toBe(409)
      },
      /"problem":"conflict"/,
    ],
    [
      'a lock that is not given in time (55P03)',
      async () => {
        const held = await import('pg').then(({ default: pg }) => new pg.Client({ connectionString: api.database.url }))
        await held.connect()
        await held.query('BEGIN; LOCK TABLE users IN ACCESS EXCLUSIVE MODE')
        expect((await create('locked')).status).toBe(503)
        await held.end()
      },
      /"code":"55P03"/,
    ],
    [
      'a statement that takes too long (57014)',
      async () => {
        await api.database.query(
          `CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(60); RETURN NEW; END'`,
        )
        await api.database.query('CREATE TRIGGER slow BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION slow()')
        expect((await create('slow')).status).toBe(503)
        await api.database.query('DROP TRIGGER slow ON users')
      },
      /"code":"57014"/,
    ],
    [
      'a stored hash of no known kind',
      async () => {
        const { username } = await addPerson(api)
        await api.database.query('UPDATE users SET password_hash = $1 WHERE username = $2', [
          `$odd$${marker}`,
          username,
        ])
        await api.send('POST', '/v1/auth/login', { body: { identifier: username, password } })
      },
      /a stored password hash is corrupt/,
    ],
    [
      'a mail server that refuses, and quotes what it refused',
      async () => {
        const server = await startSmtpSink({ refusal: `550 5.1.1 <${marker}@example.com> is nobody here` })
        const mailing = await startApi({ database: api.database, env: { SMTP_URL: server.url } })
        const { email } = await addPerson(mailing)
        await mailing.send('POST', '/v1/auth/password/forgot', { body: { email } })
        await sendMail(mailing.context)
        api.log.push(...mailing.log)
        await mailing.close()
        await server.close()
      },
      /a mail cannot be delivered and is given up/,
    ],
  ])(
    'LOG-02! LOG-03 of %s: that it happened, and nothing of what was sent',
    async (_what, work, said) => {
      const lines = await linesOf(work)
      expect(lines).toMatch(said)
      expect(lines.toLowerCase()).not.toContain(marker.toLowerCase())
      expect(lines).not.toContain('@example.com')
    },
    30_000,
  )

  test('OBS-04 LOG-01! one id joins what the client got, the lines of the log and the audit event', async () => {
    const done = await create('joined', { 'x-request-id': 'call-me-4711', traceparent })
    expect([done.status, done.headers['x-request-id']]).toEqual([201, 'call-me-4711'])
    const refused = await create('joined', { 'x-request-id': 'call-me-4712', traceparent })
    expect(refused.body).toMatchObject({ status: 409, request_id: 'call-me-4712' })
    const found = api.log.filter((line) => JSON.stringify(line).includes('call-me-471') && line.level === 'info')
    expect(found).toMatchObject([
      { request_id: 'call-me-4711', trace_id: traceId, route: '/v1/users', operation: 'createUser', status: 201 },
      { request_id: 'call-me-4712', trace_id: traceId, route: '/v1/users', status: 409, problem: 'conflict' },
    ])
    const events = await api.database.query(
      `SELECT action, request_id, trace_id FROM audit_events WHERE trace_id = $1`,
      [traceId],
    )
    expect(events).toEqual([{ action: 'user.created', request_id: 'call-me-4711', trace_id: traceId }])
  })

  test('LOG-01! every line of a request has all fields, who asks and which trace among them', async () => {
    await api.send('GET', '/v1/auth/me')
    await api.send('GET', '/nowhere')
    const lines = api.log.filter(({ msg }) => /^request/.test(String(msg)))
    expect(lines.length).toBeGreaterThan(8)
    const fields = [
      'time',
      'level',
      'msg',
      'request_id',
      'trace_id',
      'route',
      'method',
      'status',
      'duration_ms',
      'actor_id',
      'ip',
    ]
    for (const line of lines) {
      expect([...fields, 'instance', 'version'].filter((field) => !(field in line))).toEqual([])
      expect(line.trace_id).toMatch(/^[0-9a-f]{32}$/)
    }
  })
})
