import pg from 'pg'
import { importUsers } from '../../src/jobs/importUsers.ts'
import { startApi, type Api } from '../support/api.ts'
import { importFile, manyRows, ndjson, outcomes, readImport, upload, type UserImport } from '../support/imports.ts'
import { signInAs } from '../support/people.ts'
import { until } from '../support/service.ts'

/** Rows of one transaction (`readBatches.ts`); two are under way at once. */
const batch = 500

describe('batches of an import', () => {
  let api: Api
  let token: string
  let rival: pg.Client
  beforeAll(async () => {
    api = await startApi()
    token = (await signInAs(api, 'admin')).token
    rival = new pg.Client({ connectionString: api.database.url })
    await rival.connect()
  })
  afterAll(async () => {
    await rival.end()
    await api.close()
  })

  /** The number of a process that has written its rows and waits for its turn, or that waits for somebody's row. */
  const backend = (condition: string) =>
    until(async () => {
      const [found] = await api.database.query<{ pid: number }>(
        `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name <> ''
         AND pid <> pg_backend_pid() AND ${condition}`,
      )
      return found?.pid
    })

  /** Begins an import whose first batch meets a user that somebody else is about to make. */
  async function beginHeldUp(prefix: string): Promise<{ id: string; working: Promise<string> }> {
    const { id } = (await upload(api, manyRows(2 * batch + 1, prefix), { token })).body as UserImport
    await rival.query('BEGIN')
    await rival.query(
      `INSERT INTO users (id, username, email, password_hash) VALUES (gen_random_uuid(), '${prefix}.7', 'x@example.com', 'x')`,
    )
    const working = importUsers(api.context).then(
      () => 'completed',
      () => 'lost',
    )
    return { id, working }
  }

  const countUsers = async (prefix: string) => {
    const text = `SELECT count(*)::integer AS count FROM users WHERE username LIKE '${prefix}.%'`
    return (await api.database.query<{ count: number }>(text))[0]!.count
  }

  test('are written two at a time and committed in their order', async () => {
    const { id, working } = await beginHeldUp('turn')
    await backend(`wait_event_type = 'Lock' AND query LIKE '%INSERT INTO users%'`)
    await backend(`state = 'idle in transaction' AND query LIKE '%INSERT INTO audit_events%'`)
    const { file, results } = await readImport(api, id, token)
    expect([file.counts.created, results, await countUsers('turn')]).toEqual([0, [], 0])
    await rival.query('ROLLBACK')
    expect(await working).toBe('completed')
    expect((await readImport(api, id, token)).file.counts).toMatchObject({ created: 2 * batch + 1, failed: 0 })
    expect(await countUsers('turn')).toBe(2 * batch + 1)
  })

  test('are not committed where the one before could not be', async () => {
    const { id, working } = await beginHeldUp('gone')
    const first = await backend(`wait_event_type = 'Lock' AND query LIKE '%INSERT INTO users%'`)
    await backend(`state = 'idle in transaction' AND query LIKE '%INSERT INTO audit_events%'`)
    await api.database.query('SELECT pg_terminate_backend($1)', [first])
    await rival.query('ROLLBACK')
    expect(await working).toBe('lost')
    const { file, results } = await readImport(api, id, token)
    expect([file.status, file.counts.created, results, await countUsers('gone')]).toEqual(['running', 0, [], 0])
    await api.database.query('UPDATE user_imports SET leased_until = NULL WHERE id = $1', [id])
    await importUsers(api.context)
    expect((await readImport(api, id, token)).file.counts).toMatchObject({ created: 2 * batch + 1, failed: 0 })
    expect(await countUsers('gone')).toBe(2 * batch + 1)
  })

  test('that share a name are written one after the other: the first row has it, wherever the second stands', async () => {
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
