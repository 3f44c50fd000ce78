import pg from 'pg'
import { importUsers } from '../../src/jobs/importUsers.ts'
import { startApi, type Api } from '../support/api.ts'
import { installGate } from '../support/importGate.ts'
import { importFile, manyRows, ndjson, outcomes, readImport, upload, type UserImport } from '../support/imports.ts'
import { signInAs } from '../support/people.ts'

/** Rows of one transaction (`readBatches.ts`); two are under way at once. */
const batch = 500
const rows = 2 * batch + 1

describe('batches of an import', () => {
  let api: Api
  let token: string
  let gate: Awaited<ReturnType<typeof installGate>>
  beforeAll(async () => {
    api = await startApi()
    token = (await signInAs(api, 'admin')).token
    gate = await installGate(api.database)
  })
  afterAll(() => api.close())

  async function begin(raw: string, { database: _, ...instance }: Api = api) {
    const { id } = (await upload(api, raw, { token })).body as UserImport
    const working = importUsers(instance.context).then(
      () => 'done',
      ({ message }: Error) => message,
    )
    return { id, working }
  }

  /** The first batch waits at the gate, and the second is written meanwhile. */
  async function holdUp(prefix: string) {
    await gate.reset()
    const begun = await begin(manyRows(rows, prefix).replaceAll(`${prefix}.7"`, `${prefix}.gate"`))
    await gate.untilWritten(1)
    return begun
  }

  async function expectNothing(id: string, prefix: string): Promise<void> {
    const { file, results } = await readImport(api, id, token)
    const users = await api.database.query(`SELECT FROM users WHERE username LIKE '${prefix}.%'`)
    expect([file.status, file.counts.created, results, users]).toEqual(['running', 0, [], []])
  }

  async function expectAll(id: string, prefix: string): Promise<void> {
    const { file, results } = await readImport(api, id, token)
    expect(file).toMatchObject({ status: 'completed', counts: { created: rows, failed: 0 } })
    expect(results.map(({ line }) => line)).toEqual(Array.from({ length: rows }, (_, n) => n + 1))
    const text = `SELECT count(DISTINCT users.id)::integer AS users, count(*)::integer AS events FROM users
      JOIN audit_events ON subject_id = users.id AND action = 'user.created' WHERE username LIKE '${prefix}.%'`
    expect(await api.database.query(text)).toEqual([{ users: rows, events: rows }])
  }

  /** The next worker goes on. */
  async function goOn(id: string): Promise<void> {
    await api.database.query('UPDATE user_imports SET leased_until = NULL WHERE id = $1', [id])
    await importUsers(api.context)
  }

  test('are written two at a time and committed in their order', async () => {
    const { id, working } = await holdUp('turn')
    await expectNothing(id, 'turn')
    await gate.open()
    expect(await working).toBe('done')
    await expectAll(id, 'turn')
  })

  test('are not committed where the one before could not be', async () => {
    const { id, working } = await holdUp('gone')
    const cut = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND state = 'active' AND query LIKE '%INSERT INTO users%' AND pid <> pg_backend_pid()`
    expect(await api.database.query(cut)).toHaveLength(1)
    expect(await working).toMatch(/terminat/)
    await expectNothing(id, 'gone')
    await gate.open()
    await goOn(id)
    await expectAll(id, 'gone')
  })

  test('let go of their names where the one before takes long, so that nobody waits in a circle', async () => {
    const { id, working } = await holdUp('circle')
    const rival = new pg.Client({ connectionString: api.database.url })
    await rival.connect()
    await rival.query('BEGIN')
    await rival.query(`INSERT INTO users (id, username, email, password_hash)
      VALUES (gen_random_uuid(), 'circle.${batch + 7}', 'rival@example.com', 'x')`)
    await expectNothing(id, 'circle')
    await rival.query('ROLLBACK')
    await rival.end()
    await gate.open()
    expect(await working).toBe('done')
    await expectAll(id, 'circle')
  })

  test('let go of the only connection where PostgreSQL gave up the one before, which needs it', async () => {
    await gate.reset({ name: 'single.7', times: 1 })
    const single = await startApi({ database: api.database, env: { DATABASE_POOL_SIZE: '1' } })
    const { id, working } = await begin(manyRows(rows, 'single'), single)
    expect(await working).toBe('done')
    await expectAll(id, 'single')
    await single.context.db.destroy()
  })

  test('are not written again and again for what befell the one before', async () => {
    await gate.reset({ name: 'victim.7', times: 1000 })
    const { id, working } = await begin(manyRows(rows, 'victim'))
    expect(await working).toBe('sacrificed')
    expect(await gate.written()).toBe(1)
    await expectNothing(id, 'victim')
    await gate.reset()
    await goOn(id)
    await expectAll(id, 'victim')
  })

  test('begin where the file stands, or not at all', async () => {
    const { id, working } = await holdUp('place')
    await api.database.query('UPDATE user_imports SET position_bytes = 1 WHERE id = $1', [id])
    await gate.open()
    expect(await working).toBe('done')
    await expectNothing(id, 'place')
    await api.database.query('UPDATE user_imports SET position_bytes = 0 WHERE id = $1', [id])
    await goOn(id)
    await expectAll(id, 'place')
  })

  test('that share a name are written one after the other: the first row has it, wherever the second stands', async () => {
    await gate.reset()
    const lines = manyRows(2 * batch + 2, 'echo')
      .split('\n')
      .slice(0, -1)
    const again = (line: number) => ({
      ...(JSON.parse(lines[line - 1]!) as object),
      email: `second.${line}@example.com`,
    })
    lines[batch] = JSON.stringify(again(batch))
    lines[2 * batch + 1] = JSON.stringify(again(1))
    const { file, results } = await importFile(api, ndjson(...lines), { token })
    expect(file.counts).toMatchObject({ created: 2 * batch, failed: 2 })
    expect(outcomes(results)).toMatchObject({
      [batch]: 'created',
      [batch + 1]: '/username taken',
      [2 * batch + 2]: '/username taken',
    })
  })
})
