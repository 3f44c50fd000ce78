import { deleteOldMailLog } from '../../src/queries/mailLog.ts'
import { leaseMails } from '../../src/queries/outbox.ts'
import { deleteSpentChunks } from '../../src/queries/userImportChunks.ts'
import { deleteSpentClaims } from '../../src/queries/userImportClaims.ts'
import { leaseImport } from '../../src/queries/userImports.ts'
import { deleteOldResults } from '../../src/queries/userImportResults.ts'
import { startApi, type Api } from '../support/api.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

const rows = [
  `INSERT INTO outbox (id, kind, details) SELECT gen_random_uuid(), 'x', '{}' FROM generate_series(1, 9)`,
  `INSERT INTO user_imports (id, format, dry_run, on_conflict, origin, status, upload_id, finished_at)
   SELECT gen_random_uuid(), 'ndjson', false, 'skip', '{}', status, gen_random_uuid(), finished_at
   FROM generate_series(1, 3), (VALUES ('pending', NULL), ('completed', now() - interval '40 days')) AS kind (status, finished_at)`,
  `INSERT INTO user_import_chunks SELECT id, 0, '' FROM user_imports WHERE status = 'completed'`,
  `INSERT INTO user_import_claims SELECT id, 'ada', 1 FROM user_imports WHERE status = 'completed'`,
  `INSERT INTO user_import_results (import_id, line, status) SELECT id, 1, 'skipped' FROM user_imports WHERE status = 'completed'`,
  `INSERT INTO mail_log (mail_id, recipient, kind, sent_at)
   SELECT gen_random_uuid(), sha256('x'), 'password-changed', now() - interval '2 days' FROM generate_series(1, 3)`,
]

// A plan that runs the pick again for each row of the table is the planner's to choose, and seldom its choice for a table
// that is empty when it learns of it: here it has no other.
describe('of rows that are picked under a lock, as many are taken as were asked for, whatever the plan', () => {
  let database: TestDatabase
  let api: Api
  beforeAll(async () => {
    database = await createTestDatabase()
    const name = new URL(database.url).pathname.slice(1)
    for (const way of ['hashjoin', 'mergejoin', 'hashagg', 'sort', 'material', 'indexscan', 'bitmapscan']) {
      await database.query(`ALTER DATABASE ${name} SET enable_${way} = off`)
    }
    api = await startApi({ database })
    for (const statement of rows) await database.query(statement)
  })
  afterAll(async () => {
    await api.close()
    await database.drop()
  })

  test('mails', async () => {
    expect(await leaseMails(api.context.db, { limit: 2, leaseSeconds: 60 })).toHaveLength(2)
  })

  test('imports', async () => {
    const lease = { leaseId: '00000000-0000-7000-8000-000000000000', leaseSeconds: 60 }
    expect(await leaseImport(api.context.db, lease)).toBeDefined()
    expect(await database.query(`SELECT FROM user_imports WHERE status = 'running'`)).toHaveLength(1)
  })

  test.each([
    ['pieces of files', deleteSpentChunks],
    ['claims of dry runs', deleteSpentClaims],
    ['results', deleteOldResults],
    ['mails of yesterday', deleteOldMailLog],
  ] as const)('%s', async (_name, remove) => {
    expect([await remove(api.context.db, 2), await remove(api.context.db, 2)]).toEqual([2, 1])
  })
})
