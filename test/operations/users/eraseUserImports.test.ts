import { importUsers } from '../../../src/jobs/importUsers.ts'
import { importFile, manyRows, ndjson, readImport, untilBegun, upload, type UserImport } from '../../support/imports.ts'
import { startMailApi, type MailApi } from '../../support/mailbox.ts'
import { addPerson, signInAs, uniqueName, type SignedIn } from '../../support/people.ts'
import { eventsOf } from '../../support/trail.ts'

interface Receipt {
  erased: Record<string, number>
}

describe('eraseUser and imports', () => {
  let api: MailApi
  let admin: SignedIn
  beforeAll(async () => {
    api = await startMailApi()
    admin = await signInAs(api, 'admin')
  })
  afterAll(() => api.close())

  const erase = (id: string) => api.send('POST', `/v1/users/${id}/erase`, { token: admin.token })

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
    const erased = await erase(importer.user.id)
    expect((erased.body as Receipt).erased).toMatchObject({ user_imports: 2 })
    const cancelled = (await eventsOf(api, erased)).filter(({ action }) => action === 'users.import-cancelled')
    const changes = { import_id: { after: second.id }, status: { before: 'pending', after: 'cancelled' } }
    expect(cancelled).toMatchObject([{ actor_id: admin.user.id, subject_id: null, changes }])
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

  test('AUD-01 an import that is being worked through ends between two batches, with one event', async () => {
    const importer = await signInAs(api, 'admin')
    const { id } = (await upload(api, manyRows(20_000, 'cut'), { token: importer.token })).body as UserImport
    const working = importUsers(api.context)
    await untilBegun(api, id, admin.token)
    const erased = await erase(importer.user.id)
    await working
    const { file } = await readImport(api, id, admin.token)
    expect(file).toMatchObject({ status: 'cancelled', created_by: null })
    const [users] = await api.database.query<{ count: number }>(
      `SELECT count(*)::integer AS count FROM users WHERE username LIKE 'cut.%'`,
    )
    expect(file.counts.created).toBe(users?.count)
    expect(file.counts.created).toBeLessThan(20_000)
    const cancelled = (await eventsOf(api, erased)).filter(({ action }) => action === 'users.import-cancelled')
    expect(cancelled).toMatchObject([{ changes: { status: { before: 'running', after: 'cancelled' } } }])
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
})
