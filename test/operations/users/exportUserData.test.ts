import type { components } from '../../../generated/openapi.ts'
import { importFile, ndjson } from '../../support/imports.ts'
import { startMailApi, type MailApi } from '../../support/mailbox.ts'
import { addPerson, password, signIn, signInAs, uniqueName, type SignedIn } from '../../support/people.ts'
import { eventsOf } from '../../support/trail.ts'

type UserData = components['schemas']['UserData']
const absentId = '0199d8b2-5f1e-7c3a-9d6e-2b8f4a1c7e55'

describe('exportUserData', () => {
  let api: MailApi
  let admin: SignedIn
  beforeAll(async () => {
    api = await startMailApi({ env: { TRUST_PROXY: '1' } })
    admin = await signInAs(api, 'admin')
  })
  afterAll(() => api.close())

  const ask = (id: string, token = admin.token, headers = {}) =>
    api.send('GET', `/v1/users/${id}/data`, { token, headers })
  const read = async (id: string, token?: string) => (await ask(id, token)).body as UserData

  test('PRV-01! has the profile, every session, mails, tokens, registrations and events', async () => {
    const { id, username, email } = await addPerson(api)
    const body = { identifier: username, password }
    const from = { 'x-forwarded-for': '198.51.100.77', 'user-agent': 'Lynx/2.9' }
    const ended = (await api.send('POST', '/v1/auth/login', { body, headers: from })).body as { access_token: string }
    await api.send('POST', '/v1/auth/logout', { token: ended.access_token })
    const { token } = await signIn(api, username)
    await api.send('POST', '/v1/auth/password/forgot', { body: { email } })
    await api.mailsTo(email)
    await api.send('PATCH', `/v1/users/${id}`, { token, body: { email: `new.${email}` } })
    await api.send('POST', '/v1/auth/register', { body: { username: uniqueName('again'), email, password } })

    const answer = await ask(id)
    expect(answer.status).toBe(200)
    const data = answer.body as UserData
    expect(data.profile).toMatchObject({ id, username, email, role: 'user', deleted_at: null })
    expect(data.profile.last_login_at).not.toBeNull()
    expect(data.sessions).toMatchObject([
      { ip: '198.51.100.77', user_agent: 'Lynx/2.9', end_reason: 'logout', ended_at: expect.any(String) as unknown },
      { ended_at: null, end_reason: null },
    ])
    expect(data.mail_tokens).toMatchObject([{ purpose: 'password-reset', email }])
    expect(data.pending_mails.map((mail) => [mail.kind, mail.email])).toEqual([
      ['email-change', `new.${email}`],
      ['email-change-notice', email],
    ])
    expect(data.sent_mails).toMatchObject([{ kind: 'password-reset' }])
    expect(data.registrations).toMatchObject([{ email, first_name: null }])
    expect(data.audit_events.map(({ action, actor, subject }) => [action, actor, subject])).toEqual([
      ['user.created', 'nobody', 'self'],
      ['session.started', 'self', 'self'],
      ['session.ended', 'self', 'self'],
      ['session.started', 'self', 'self'],
      ['password.reset-requested', 'nobody', 'self'],
      ['email.change-requested', 'self', 'self'],
      ['user.data-exported', 'other', 'self'],
    ])
    expect(data.audit_events[0]?.changes).toMatchObject({ username: { after: username }, email: { after: email } })
    expect(await eventsOf(api, answer)).toMatchObject([
      { action: 'user.data-exported', actor_id: admin.user.id, subject_id: id, changes: {} },
    ])
    // Hashes of passwords and tokens.
    expect(answer.text).not.toMatch(/\$argon2|hash/)
  })

  test('PRV-01! has the imports the person began, and of those of others the rows about them alone', async () => {
    const importer = await signInAs(api, 'admin')
    const [own, other] = [uniqueName('own'), uniqueName('other')]
    const rows = ndjson(...[other, own].map((username) => ({ username, email: `${username}@example.com` })))
    const headers = { 'idempotency-key': 'autumn' }
    const { file, results } = await importFile(api, rows, { token: importer.token, headers })
    const imported = await read(results[1]!.user_id!)
    expect([imported.imports, imported.import_results]).toEqual([
      [],
      [{ import_id: file.id, line: 2, status: 'created' }],
    ])
    const began = await read(importer.user.id)
    const sessionId = began.sessions[0]!.id
    expect([began.imports, began.import_results]).toMatchObject([
      [{ id: file.id, status: 'completed', format: 'ndjson', idempotency_key: 'autumn', session_id: sessionId }],
      [],
    ])
    expect(JSON.stringify(began)).not.toContain(own)
  })

  test('RL-13 counts as a change: each leaves an event, and the next has all of them in it', async () => {
    const limited = await startMailApi({ env: { RATE_LIMIT_WRITES_PER_HOUR: '2' } })
    const { token, user } = await signInAs(limited, 'user')
    const statuses = []
    for (let time = 0; time < 3; time += 1) {
      statuses.push((await limited.send('GET', `/v1/users/${user.id}/data`, { token })).status)
    }
    expect(statuses).toEqual([200, 200, 429])
    await limited.close()
  })

  test('PRV-01! people get their own, a deleted user’s is for administrators', async () => {
    const person = await signInAs(api, 'user')
    expect((await read(person.user.id, person.token)).profile.username).toBe(person.user.username)
    expect((await ask(admin.user.id, person.token)).status).toBe(403)
    const moderator = await signInAs(api, 'moderator')
    expect((await ask(person.user.id, moderator.token)).status).toBe(403)
    await api.send('DELETE', `/v1/users/${person.user.id}`, { token: admin.token })
    expect((await ask(person.user.id, person.token)).status).toBe(401)
    const data = await read(person.user.id)
    expect(data.profile.deleted_at).not.toBeNull()
    expect(data.sessions).toMatchObject([{ end_reason: 'user-deleted' }])
    expect((await ask(absentId)).status).toBe(404)
  })

  test('PRV-01! API1! there is nothing of anybody else in it', async () => {
    const person = await signInAs(api, 'user')
    const headers = { 'x-forwarded-for': '203.0.113.99', 'user-agent': 'AdminBrowser/1.0' }
    const change = { token: admin.token, headers, body: { first_name: 'Joanna' } }
    await api.send('PATCH', `/v1/users/${person.user.id}`, change)
    const wrong = { identifier: person.user.email, password: 'not it at all' }
    await api.send('POST', '/v1/auth/login', { body: wrong, headers: { 'x-forwarded-for': '203.0.113.98' } })
    const text = JSON.stringify(await read(person.user.id))
    expect(text).toContain('Joanna')
    for (const foreign of ['203.0.113', 'AdminBrowser', admin.user.id, admin.user.username]) {
      expect(text).not.toContain(foreign)
    }

    // The other way round: what an administrator did is theirs, whom they did it to and what is not.
    const own = await read(admin.user.id)
    const updated = own.audit_events.find(({ action }) => action === 'user.updated')
    expect(updated).toMatchObject({ actor: 'self', subject: 'other', changes: {}, ip: '203.0.113.99' })
    for (const foreign of ['Joanna', person.user.id, person.user.username]) {
      expect(JSON.stringify(own)).not.toContain(foreign)
    }
  })

  test('PRV-01! who has the address of a deleted user by now is not in the export of that user', async () => {
    const { id, email } = await addPerson(api)
    await api.send('DELETE', `/v1/users/${id}`, { token: admin.token })
    await api.send('POST', '/v1/auth/register', { body: { username: uniqueName('heir'), email, password } })
    await api.mailsTo(email)
    expect(await read(id)).toMatchObject({ registrations: [], sent_mails: [], pending_mails: [] })
  })

  test('is complete and in order however much there is, also compressed', async () => {
    const { id } = await addPerson(api)
    await api.database.query(
      `INSERT INTO audit_events (id, action, subject_id, actor_id, request_id)
       SELECT gen_random_uuid(), 'session.refreshed', $1, CASE WHEN n % 2 = 0 THEN $1::uuid END, n::text
       FROM generate_series(1, 2500) n`,
      [id],
    )
    await api.database.query(
      `INSERT INTO user_import_results (import_id, line, status, user_id)
       SELECT CASE WHEN n % 2 = 0 THEN $2::uuid ELSE $1 END, n, 'updated', $1 FROM generate_series(1, 1200) n`,
      [id, absentId],
    )
    await api.database.query(
      `INSERT INTO sessions (id, user_id, expires_at)
       SELECT gen_random_uuid(), $1, now() FROM generate_series(1, 1000) n`,
      [id],
    )
    const answer = await ask(id, admin.token, { 'accept-encoding': 'gzip' })
    expect(answer.headers).toMatchObject({ 'content-encoding': 'gzip', 'cache-control': 'no-store' })
    const { audit_events: events, sessions, import_results: results } = answer.body as UserData
    expect([events.length, sessions.length]).toEqual([2502, 1000])
    expect(new Set(results.map(({ line }) => line)).size).toBe(1200)
    expect(results).toHaveLength(1200)
    const times = events.map(({ occurred_at }) => occurred_at)
    expect(times).toEqual([...times].sort())
    expect(new Set(events.map((event) => event.id)).size).toBe(2502)
  })

  test('HEAD answers the fields alone', async () => {
    const answer = await api.send('HEAD', `/v1/users/${admin.user.id}/data`, { token: admin.token })
    expect([answer.status, answer.text]).toEqual([200, ''])
  })
})
