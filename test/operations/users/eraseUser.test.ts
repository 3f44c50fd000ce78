import { importUsers } from '../../../src/jobs/importUsers.ts'
import { importFile, ndjson, readImport, upload, type UserImport } from '../../support/imports.ts'
import { startMailApi, type MailApi } from '../../support/mailbox.ts'
import { addPerson, password, signIn, signInAs, uniqueName, type SignedIn } from '../../support/people.ts'
import { countEvents, eventsOf } from '../../support/trail.ts'

const absentId = '0199d8b2-5f1e-7c3a-9d6e-2b8f4a1c7e55'

interface Receipt {
  id: string
  user_id: string
  erased: Record<string, number>
  audit_event_id: string
}

describe('eraseUser', () => {
  let api: MailApi
  let admin: SignedIn
  beforeAll(async () => {
    api = await startMailApi()
    admin = await signInAs(api, 'admin')
  })
  afterAll(() => api.close())

  const erase = (id: string) => api.send('POST', `/v1/users/${id}/erase`, { token: admin.token })
  const eraseAgain = (id: string) => api.send('POST', `/v1/users/${id}/erase`, { token: admin.token, isNoChange: true })

  test('PRV-02! answers a receipt of all that was destroyed, and an event that names nobody', async () => {
    const person = await signInAs(api, 'user')
    await signIn(api, person.user.username)
    await api.send('POST', '/v1/auth/refresh', { body: { refresh_token: person.refreshToken } })
    const answer = await erase(person.user.id)
    const receipt = answer.body as Receipt
    expect([answer.status, receipt]).toMatchObject([
      200,
      {
        ...{ user_id: person.user.id, reason: 'request', erased_by: admin.user.id },
        erased: { users: 1, sessions: 2, refresh_tokens: 3, mail_tokens: 0, outbox: 0, mail_log: 0, registrations: 0 },
      },
    ])
    const events = await eventsOf(api, answer)
    expect(events.map(({ action }) => action)).toEqual(['user.erased', 'session.ended', 'session.ended'])
    expect(events[0]).toMatchObject({ actor_id: admin.user.id, subject_id: person.user.id, changes: {} })
    const [event] = await api.database.query('SELECT action FROM audit_events WHERE id = $1', [receipt.audit_event_id])
    expect(event).toEqual({ action: 'user.erased' })
    expect((await api.send('GET', '/v1/auth/me', { token: person.token })).status).toBe(401)
    expect((await api.send('GET', `/v1/users/${person.user.id}`, { token: admin.token })).status).toBe(404)
  })

  test('PRV-02! the address that a reset was asked from cannot be told to be theirs', async () => {
    const person = await addPerson(api)
    await api.send('POST', '/v1/auth/password/forgot', { body: { email: person.email } })
    expect(await api.mailsTo(person.email)).toHaveLength(1)
    await erase(person.id)
    const theirs = await api.database.query(
      `SELECT action, (SELECT count(*)::int FROM audit_events readable WHERE readable.ip IS NOT NULL
        AND (readable.request_id = own.request_id OR readable.trace_id = own.trace_id)) AS told
      FROM audit_events own WHERE subject_id = $1 AND action = 'password.reset-requested'`,
      [person.id],
    )
    expect(theirs).toEqual([{ action: 'password.reset-requested', told: 0 }])
  })

  test('asking again, from wherever and at once, answers the same receipt', async () => {
    const { id } = await addPerson(api)
    const path = `/v1/users/${id}/erase`
    const sent = { token: admin.token, isNoChange: 'perhaps' as const }
    const answers = await Promise.all(Array.from({ length: 5 }, () => api.send('POST', path, sent)))
    answers.push(await eraseAgain(id))
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200))
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    const events = await api.database.query(
      `SELECT FROM audit_events WHERE action = 'user.erased' AND subject_id = $1`,
      [id],
    )
    expect(events).toHaveLength(1)
  })

  test('erases who was deleted before; nobody is not found', async () => {
    const { id } = await addPerson(api)
    await api.send('DELETE', `/v1/users/${id}`, { token: admin.token })
    expect((await erase(id)).body).toMatchObject({ user_id: id, erased: { users: 1 } })
    expect((await erase(absentId)).status).toBe(404)
  })

  test('PRV-02! takes along mails, tokens and registrations; name and address are free', async () => {
    const { id, username, email } = await addPerson(api)
    await api.send('POST', '/v1/auth/password/forgot', { body: { email: email.toUpperCase() } })
    await api.mailsTo(email)
    await api.send('POST', '/v1/auth/password/forgot', { body: { email: email.toUpperCase() } })
    const registering = { username: uniqueName('other'), email: email.toUpperCase(), password }
    await api.send('POST', '/v1/auth/register', { body: registering })
    const own = await signIn(api, username)
    const newEmail = `new.${email}`
    await api.send('PATCH', `/v1/users/${id}`, { token: own.token, body: { email: newEmail } })
    const receipt = (await erase(id)).body as Receipt
    // The second reset, the change of the address and its notice.
    expect(receipt.erased).toMatchObject({ mail_tokens: 1, outbox: 3, mail_log: 1, registrations: 1 })
    const body = { username, email, password }
    expect((await api.send('POST', '/v1/users', { token: admin.token, body })).status).toBe(201)
  })

  test('PRV-02! results of imports keep the line, not who it was', async () => {
    const [{ id, username, email }, other] = [await addPerson(api), await addPerson(api)]
    const rows = ndjson({ username, email }, { username: other.username, email: other.email })
    const { file } = await importFile(api, rows, { token: admin.token, query: { on_conflict: 'skip' } })
    expect(((await erase(id)).body as Receipt).erased).toMatchObject({ user_import_results: 1, user_imports: 0 })
    expect((await readImport(api, file.id, admin.token)).results).toEqual([
      { line: 1, status: 'skipped', user_id: null, problem: null },
      { line: 2, status: 'skipped', user_id: other.id, problem: null },
    ])
  })

  test('PRV-02! AZ-07 an import ends with whoever began it, and is not the operator’s from then on', async () => {
    const importer = await signInAs(api, 'admin')
    const [ended, waiting] = [uniqueName('ended'), uniqueName('waiting')]
    const row = (username: string) => ndjson({ username, email: `${username}@example.com` })
    const first = await importFile(api, row(ended), { token: importer.token })
    const headers = { 'idempotency-key': 'of-the-importer' }
    const second = (await upload(api, row(waiting), { token: importer.token, headers })).body as UserImport
    expect(((await erase(importer.user.id)).body as Receipt).erased).toMatchObject({ user_imports: 2 })
    await importUsers(api.context)
    const files = [await readImport(api, first.file.id, admin.token), await readImport(api, second.id, admin.token)]
    expect(files.map(({ file, results }) => [file.status, file.created_by, results.length])).toEqual([
      ['completed', null, 1],
      ['cancelled', null, 0],
    ])
    expect(await api.database.query('SELECT FROM users WHERE username = $1', [waiting])).toEqual([])
    const left = `SELECT FROM user_imports WHERE idempotency_key IS NOT NULL OR origin ->> 'session_id' = ANY($1)`
    const sessions = await api.database.query<{ id: string }>(
      `SELECT session_id AS id FROM audit_events WHERE action = 'session.started' AND subject_id = $1`,
      [importer.user.id],
    )
    expect(sessions).toHaveLength(1)
    expect(await api.database.query(left, [sessions.map((session) => session.id)])).toEqual([])
    expect(await api.database.query('SELECT FROM user_import_chunks')).toEqual([])
  })

  test('PRV-02! names that a dry run has noted go, but for those of an heir', async () => {
    const [person, deleted] = [await addPerson(api), await addPerson(api)]
    await api.send('DELETE', `/v1/users/${deleted.id}`, { token: admin.token })
    const query = { dry_run: true }
    const file = (await upload(api, ndjson({}), { token: admin.token, query })).body as UserImport
    const keys = [person.username, person.email, deleted.email, 'somebody.else'].map((key) => key.toLowerCase())
    await api.database.query(
      'INSERT INTO user_import_claims (import_id, key, line) SELECT $1, key, 1 FROM unnest($2::text[]) AS key',
      [file.id, keys],
    )
    expect(((await erase(person.id)).body as Receipt).erased).toMatchObject({ user_import_claims: 2 })
    expect(((await erase(deleted.id)).body as Receipt).erased).toMatchObject({ user_import_claims: 0 })
    const left = await api.database.query<{ key: string }>('SELECT key FROM user_import_claims')
    expect(left.map(({ key }) => key).sort()).toEqual(keys.slice(2).sort())
  })

  test('who has the address by now keeps what is theirs', async () => {
    const { id, email } = await addPerson(api)
    await api.send('DELETE', `/v1/users/${id}`, { token: admin.token })
    const body = { username: uniqueName('heir'), email, password }
    await api.send('POST', '/v1/users', { token: admin.token, body })
    await api.send('POST', '/v1/auth/password/forgot', { body: { email } })
    expect((await erase(id)).body).toMatchObject({ erased: { outbox: 0, users: 1 } })
    expect(await api.mailsTo(email)).toHaveLength(1)
  })

  test('DEL-02! a sign-in that races with the erasure leaves nothing', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { id, username } = await addPerson(api)
      const signingIn = api.send('POST', '/v1/auth/login', { body: { identifier: username, password } })
      const [login, erasure] = await Promise.all([signingIn, erase(id)])
      expect([login.status, erasure.status]).toEqual([expect.any(Number), 200])
      if (login.status === 200) {
        const token = (login.body as { access_token: string }).access_token
        expect((await api.send('GET', '/v1/auth/me', { token })).status).toBe(401)
      }
      expect(await api.database.query('SELECT FROM sessions WHERE user_id = $1', [id])).toEqual([])
    }
  })

  test('a refresh that races with the erasure ends one way or the other, without waiting for each other', async () => {
    for (let round = 0; round < 10; round += 1) {
      const person = await signInAs(api, 'user')
      const body = { refresh_token: person.refreshToken }
      const [refresh, erasure] = await Promise.all([
        api.send('POST', '/v1/auth/refresh', { body }),
        erase(person.user.id),
      ])
      expect([200, 401]).toContain(refresh.status)
      expect(erasure.status).toBe(200)
    }
    const counts = await api.database.query(
      `SELECT deadlocks::integer FROM pg_stat_database WHERE datname = current_database()`,
    )
    expect(counts).toEqual([{ deadlocks: 0 }])
  })

  test('AZ-07! not the last active administrator', async () => {
    const count = await countEvents(api)
    const answer = await erase(admin.user.id)
    expect([answer.status, answer.body]).toMatchObject([409, { type: '/problems/last-admin' }])
    expect(await countEvents(api)).toBe(count)
    const second = await signInAs(api, 'admin')
    const path = `/v1/users/${second.user.id}/erase`
    expect((await api.send('POST', path, { token: second.token })).status).toBe(200)
  })
})
