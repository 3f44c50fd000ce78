import pg from 'pg'
import { importUsers } from '../../../src/jobs/importUsers.ts'
import { startApi, type Api } from '../../support/api.ts'
import { absentId } from '../../contract/requests.ts'
import { manyRows, ndjson, untilBegun, upload, type UserImport } from '../../support/imports.ts'
import { signInAs } from '../../support/people.ts'
import { eventsOf } from '../../support/trail.ts'

describe('cancelUserImport', () => {
  let api: Api
  let token: string
  beforeAll(async () => {
    api = await startApi()
    token = (await signInAs(api, 'admin')).token
  })
  afterAll(() => api.close())

  const cancel = (id: string) => api.send('POST', `/v1/user-imports/${id}/cancel`, { token })
  const begin = async (raw: string): Promise<UserImport> => (await upload(api, raw, { token })).body

  test('stops an import between two rows; what is done stays, and the rest of the file goes', async () => {
    const { id } = await begin(manyRows(20_000))
    const working = importUsers(api.context)
    await untilBegun(api, id, token)
    const answer = await cancel(id)
    expect([answer.status, answer.body]).toMatchObject([200, { status: 'cancelled' }])
    expect((await eventsOf(api, answer)).map(({ action }) => action)).toEqual(['users.import-cancelled'])
    await working
    const { counts } = answer.body as UserImport
    const [users] = await api.database.query<{ count: number }>(
      `SELECT count(*)::integer AS count FROM users WHERE username LIKE 'many.%'`,
    )
    expect(counts.created).toBe(users?.count)
    expect(counts.created).toBeLessThan(20_000)
    await importUsers(api.context)
    expect(await api.database.query('SELECT FROM user_import_chunks')).toEqual([])
  })

  test('does not wait for rows that wait themselves, and nothing of them stays', async () => {
    const other = new pg.Client({ connectionString: api.database.url })
    await other.connect()
    await other.query('BEGIN')
    await other.query(
      `INSERT INTO users (id, username, email, role, password_hash) VALUES ($1, 'held.2', 'held.2@example.com', 'user', 'x')`,
      [absentId],
    )
    const { id } = await begin(
      ndjson(...[1, 2].map((n) => ({ username: `held.${n}`, email: `held.${n}@example.com` }))),
    )
    const working = importUsers(api.context)
    const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
    while ((await api.database.query(waiting)).length === 0);
    expect((await cancel(id)).status).toBe(200)
    await other.query('ROLLBACK')
    await other.end()
    await working
    expect(await api.database.query(`SELECT FROM users WHERE username LIKE 'held.%'`)).toEqual([])
  })

  test('an import that has not begun never does; one that has ended is a 409, one there is not a 404', async () => {
    const { id } = await begin(ndjson({ username: 'never.one', email: 'never.one@example.com' }))
    expect((await cancel(id)).status).toBe(200)
    await importUsers(api.context)
    expect(await api.database.query(`SELECT FROM users WHERE username = 'never.one'`)).toEqual([])
    const again = await cancel(id)
    expect([again.status, again.body]).toMatchObject([409, { detail: 'The import is cancelled already.' }])
    expect((await cancel(absentId)).status).toBe(404)
  })
})
