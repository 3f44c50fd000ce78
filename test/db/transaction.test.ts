import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { connect, type Db, type Tx } from '../../src/db/database.ts'
import { migrate } from '../../src/db/migrate.ts'
import { inTransaction } from '../../src/db/transaction.ts'
import { startScratchServer, type ScratchServer } from './scratchServer.ts'

let server: ScratchServer
let db: Db

const person = (username: string) => ({
  id: randomUUID(),
  username,
  email: `${username}@example.org`,
  password_hash: 'x',
})

beforeAll(async () => {
  server = await startScratchServer()
  await migrate(server.url)
  db = connect(server.url, { applicationName: 'test', poolSize: 2 }).db
}, 30_000)

afterAll(async () => {
  await db.destroy()
  await server.stop()
})

test('DB-06 CON-02! a deadlock is resolved by running its victim again', async () => {
  const [a, b] = [person('first'), person('second')]
  await db.insertInto('users').values([a, b]).execute()
  const touch = (tx: Tx, id: string): Promise<unknown> =>
    tx
      .updateTable('users')
      .set({ version: sql`version + 1` })
      .where('id', '=', id)
      .execute()
  let arrived = 0
  const cross = (ids: string[]): Promise<void> =>
    inTransaction(db, async (tx) => {
      await touch(tx, ids[0]!)
      arrived += 1
      while (arrived < 2) await new Promise((resolve) => setTimeout(resolve, 5))
      await touch(tx, ids[1]!)
    })
  await Promise.all([cross([a.id, b.id]), cross([b.id, a.id])])
  const versions = await db.selectFrom('users').select('version').where('id', 'in', [a.id, b.id]).execute()
  expect(versions).toEqual([{ version: 3 }, { version: 3 }])
  expect(arrived).toBe(3)
}, 15_000)

test.each([
  ['40001', 4],
  ['23514', 1],
])('DB-06 CON-02! SQLSTATE %s is tried %i times', async (code, times) => {
  let runs = 0
  const fail = inTransaction(db, (tx) => {
    runs += 1
    return sql`DO ${sql.lit(`BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '${code}'; END`)}`.execute(tx)
  })
  await expect(fail).rejects.toMatchObject({ code })
  expect(runs).toBe(times)
})
