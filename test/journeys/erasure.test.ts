import { importFile, ndjson } from '../support/imports.ts'
import { describeWithRedis, startRedis, type TestRedis } from '../support/redis.ts'
import { newestToken, startMailApi, type MailApi } from '../support/mailbox.ts'
import { password, signInAs, type SignedIn } from '../support/people.ts'

/** What would tell who somebody was, each found nowhere else. */
const personal = {
  username: 'quillon.marchbanks',
  email: 'quillon@marchbanks.example',
  newEmail: 'quillon@elsewhere.example',
  pendingEmail: 'quillon@pending.example',
  first_name: 'Quillon',
  last_name: 'Marchbanks-Öztürk',
  ip: '198.51.100.201',
  userAgent: 'MarchbanksBrowser/7.7',
}

/**
 * Nothing of anybody is in these: what they hold is of the service or of nobody, or can be read with a key that goes (events)
 * or with the request itself, for a day (answers under an Idempotency-Key). A file that is being imported cannot be searched,
 * and is deleted as its rows are done: there is none here.
 */
const impersonal = [
  ...['audit_events', 'audit_seals', 'erasures', 'idempotency_keys'],
  ...['password_peppers', 'schema_migrations', 'user_import_chunks'],
]

describeWithRedis('a person who was here and is erased', () => {
  let api: MailApi
  let redis: TestRedis
  let admin: SignedIn
  let id: string
  let token: string
  let receipt: { erased: Record<string, number> }
  const from = { 'x-forwarded-for': personal.ip, 'user-agent': personal.userAgent }

  /** Every row of every table, as text. */
  async function dump(): Promise<Record<string, string>> {
    const tables = await api.database.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`,
    )
    const texts = tables.map(async ({ name }) => {
      const rows = await api.database.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`)
      return [name, rows.map(({ row }) => row).join('\n')] as const
    })
    return Object.fromEntries(await Promise.all(texts))
  }

  /** The values that are still found, each with the table that has it. */
  async function findTraces(): Promise<string[]> {
    const keys = await redis.client.keys('*')
    const values = await Promise.all(keys.map((key) => redis.client.dump(key)))
    const places = { ...(await dump()), redis: [...keys, ...values].join('\n') }
    return Object.entries(places).flatMap(([place, text]) =>
      Object.values(personal)
        .filter((value) => text.toLowerCase().includes(value.toLowerCase()))
        .map((value) => `${place}: ${value}`),
    )
  }

  beforeAll(async () => {
    redis = await startRedis()
    api = await startMailApi({ env: { TRUST_PROXY: '1', REDIS_URL: redis.url } })
    admin = await signInAs(api, 'admin')
    const { username, email, newEmail, pendingEmail, first_name, last_name } = personal
    const account = { username, email, first_name, last_name, password }
    const created = await api.send('POST', '/v1/users', { token: admin.token, body: account })
    id = (created.body as { id: string }).id
    const wrong = { identifier: email, password: 'not it at all' }
    await api.send('POST', '/v1/auth/login', { body: wrong, headers: from })
    const login = { body: { identifier: email, password }, headers: from }
    token = ((await api.send('POST', '/v1/auth/login', login)).body as { access_token: string }).access_token
    const patch = (body: object) => api.send('PATCH', `/v1/users/${id}`, { token, body, headers: from })
    await patch({ first_name: null })
    await patch({ first_name })
    await patch({ email: newEmail })
    const change = { token: await newestToken(api, newEmail) }
    await api.send('POST', '/v1/auth/email/verify', { body: change, headers: from })
    // From elsewhere: nobody can tell whose the address is from which somebody asks without a sign-in.
    await api.send('POST', '/v1/auth/password/forgot', { body: { email: newEmail } })
    await api.mailsTo(newEmail)
    await api.send('POST', '/v1/auth/password/forgot', { body: { email: newEmail } })
    await api.send('POST', '/v1/auth/register', { body: { ...account, email: newEmail } })
    await importFile(api, ndjson({ username, email: newEmail }), { token: admin.token, query: { on_conflict: 'skip' } })
    await api.database.query(
      `INSERT INTO user_import_claims (import_id, key, line) SELECT id, $1, 1 FROM user_imports`,
      [newEmail],
    )
    await api.database.query('UPDATE user_imports SET dry_run = true')
    await patch({ email: pendingEmail })
    await api.send('POST', '/v1/auth/login', { body: { identifier: username, password: 'not it at all' } })
  })
  afterAll(async () => {
    await api.close()
    await redis.stop()
  })

  test('PRV-02! is found in many places before', async () => {
    expect(await redis.client.keys('*failures:*')).toHaveLength(1)
    const traces = await findTraces()
    expect(traces).toEqual(
      expect.arrayContaining([
        `users: ${personal.username}`,
        `sessions: ${personal.ip}`,
        `outbox: ${personal.newEmail}`,
        `user_import_claims: ${personal.newEmail}`,
      ]),
    )
  })

  test('PRV-02! is found nowhere afterwards: no table and no Redis tells who it was', async () => {
    const answer = await api.send('POST', `/v1/users/${id}/erase`, { token: admin.token })
    receipt = answer.body
    expect([answer.status, receipt]).toMatchObject([200, { user_id: id, erased: { users: 1, subject_keys: 1 } }])
    expect(await findTraces()).toEqual([])
    expect((await dump())['user_import_results']).not.toContain(id)
    expect(await redis.client.keys('*failures:*')).toEqual([])
    expect((await api.send('GET', '/v1/auth/me', { token })).status).toBe(401)
  })

  test('PRV-02! every table is either emptied of the person or known to hold nothing personal', async () => {
    const tables = Object.keys(await dump()).sort()
    const known = [...new Set([...Object.keys(receipt.erased), ...impersonal])].sort()
    expect(known).toEqual(tables)
  })

  test('PRV-02! DEL-04 the trail is whole, and cannot be read as theirs', async () => {
    const events = await api.database.query<{ action: string }>(
      'SELECT action FROM audit_events WHERE subject_id = $1 ORDER BY seq',
      [id],
    )
    const actions = events.map(({ action }) => action)
    expect(actions[0]).toBe('user.created')
    expect(actions).toContain('user.email-verified')
    expect(actions.slice(-2)).toEqual(['user.erased', 'session.ended'])
    expect(await api.database.query('SELECT FROM subject_keys WHERE user_id = $1', [id])).toEqual([])
  })

  test('PRV-02! DEL-02! name and address are free for somebody new, who inherits nothing', async () => {
    const { username, newEmail: email } = personal
    const body = { username, email, password }
    const created = await api.send('POST', '/v1/users', { token: admin.token, body })
    const heir = created.body as { id: string }
    expect([created.status, heir.id === id]).toEqual([201, false])
    const data = await api.send('GET', `/v1/users/${heir.id}/data`, { token: admin.token })
    expect(data.body).toMatchObject({ sessions: [], registrations: [], sent_mails: [], mail_tokens: [] })
    expect((data.body as { audit_events: unknown[] }).audit_events).toHaveLength(2)
  })
})
