import { sql } from 'kysely'
import { connect, type Database, type Db, type Tx } from '../../src/db/database.ts'
import { classifyDatabaseError, isUnavailable } from '../../src/db/errors.ts'
import { migrate } from '../../src/db/migrate.ts'
import { inTransaction } from '../../src/db/transaction.ts'
import { toTimestamp } from '../../src/db/valueParsers.ts'
import { changed, query, startScratchServer, type ScratchServer } from './scratchServer.ts'

let server: ScratchServer
let database: Database
let db: Db
let sequence = 0

const uuid = (): string => `018f0000-0000-7000-8000-${String((sequence += 1)).padStart(12, '0')}`
const person = (username: string) => ({ id: uuid(), username, email: `${username}@example.org`, password_hash: 'x' })
const caught = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  )

const frozen: number[] = []
afterEach(() => frozen.splice(0).forEach((pid) => process.kill(pid, 'SIGCONT')))

async function freeze(on: Db): Promise<number> {
  const pid = await backend(on)
  process.kill(pid, 'SIGSTOP')
  frozen.push(pid)
  return pid
}

/** One connection, and a client that gives up on the server soon. */
function impatient(): Database {
  const one = connect(server.url, { applicationName: 'impatient', poolSize: 1 })
  Object.assign(one.pool.options, { query_timeout: 300 })
  return one
}

async function show(on: Db, setting: string): Promise<unknown> {
  const { rows } = await sql<{ value: string }>`SELECT current_setting(${setting}) AS value`.execute(on)
  return rows[0]?.value
}

async function backend(on: Db): Promise<number> {
  const { rows } = await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(on)
  return rows[0]!.pid
}

beforeAll(async () => {
  server = await startScratchServer()
  await migrate(server.url)
  database = connect(server.url, { applicationName: 'user-management-api test', poolSize: 2 })
  db = database.db
}, 30_000)

afterAll(async () => {
  await db.destroy()
  await server.stop()
})

test('DB-01! every connection has the application’s role and the limits', async () => {
  expect(await Promise.all(['role', 'TimeZone', 'application_name'].map((name) => show(db, name)))).toEqual([
    'user_management_app',
    'UTC',
    'user-management-api test',
  ])
  const limits = ['lock_timeout', 'statement_timeout', 'idle_in_transaction_session_timeout', 'transaction_isolation']
  expect(await Promise.all(limits.map((name) => show(db, name)))).toEqual(['1500ms', '3s', '10s', 'read committed'])
})

test('options in the URL are kept', async () => {
  const url = new URL(server.url)
  url.searchParams.set('options', '-c geqo=off -c role=none')
  const other = connect(url.href, { applicationName: 'test', poolSize: 1 })
  expect([await show(other.db, 'geqo'), await show(other.db, 'role')]).toEqual(['off', 'user_management_app'])
  await other.db.destroy()
})

test('an ordinary login acts as the application when it is a member, and is refused when not', async () => {
  await query(server.url, `CREATE ROLE login LOGIN PASSWORD 'secret'`)
  const other = connect(changed(server.url, 'user_management', 'login'), { applicationName: 'test', poolSize: 1 })
  expect(await caught(show(other.db, 'role'))).toMatchObject({ code: '42501' })
  await query(server.url, 'GRANT user_management_app TO login')
  expect(await show(other.db, 'role')).toBe('user_management_app')
  await other.db.destroy()
})

test('times keep their microseconds, and keys fold ASCII alone', async () => {
  const user = await db
    .insertInto('users')
    .values({ ...person('Iris.İ'.replace('İ', 'I')), created_at: '2025-10-12T15:41:12.26+02:00', email: 'İ@X.org' })
    .returning(['created_at', 'last_login_at', 'username_key', 'email_key'])
    .executeTakeFirstOrThrow()
  expect(user).toEqual({
    created_at: '2025-10-12T13:41:12.260000Z',
    last_login_at: null,
    username_key: 'iris.i',
    email_key: 'İ@x.org',
  })
  expect(toTimestamp('2025-10-12 13:41:12+00')).toBe('2025-10-12T13:41:12.000000Z')
  expect(toTimestamp('2025-10-12 13:41:12.263147+00')).toBe('2025-10-12T13:41:12.263147Z')
  expect(() => toTimestamp('infinity')).toThrow(RangeError)
})

test('an audit event is written and read as typed', async () => {
  const values = { id: uuid(), action: 'user.updated', request_id: 'r', ip: '192.0.2.7' }
  const changes = { email: { before: 'a', after: null } }
  const event = await db
    .insertInto('audit_events')
    .values({ ...values, changes: JSON.stringify(changes) })
    .returningAll()
    .executeTakeFirstOrThrow()
  expect(event).toMatchObject({ ...values, changes, outcome: 'success' })
  expect(event.seq).toMatch(/^\d+$/)
  expect(event.occurred_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
})

test('a taken name is known by its constraint', async () => {
  await db.insertInto('users').values(person('taken')).execute()
  const error = await caught(db.insertInto('users').values(person('TAKEN')).execute())
  expect(classifyDatabaseError(error)).toEqual({ kind: 'unique', constraint: 'users_username_unique' })
})

test('DB-03! FLT-12 a backend killed between two queries of a transaction costs that transaction alone', async () => {
  const error = await caught(
    inTransaction(db, async (tx) => {
      await query(server.url, `SELECT pg_terminate_backend(${await backend(tx)})`)
      await new Promise((resolve) => setTimeout(resolve, 50))
      await tx.insertInto('users').values(person('lost')).execute()
    }),
  )
  expect(isUnavailable(error)).toBe(true)
  const kept = await inTransaction(db, (tx) => tx.insertInto('users').values(person('kept')).execute())
  expect(kept).toHaveLength(1)
  expect(await query(server.url, `SELECT username FROM users WHERE username IN ('lost', 'kept')`)).toEqual([
    { username: 'kept' },
  ])
})

test('DB-02! FLT-14 LAB-22 nobody works inside a transaction that a client timeout left open', async () => {
  const one = impatient()
  let stuck = 0
  const error = await caught(
    inTransaction(one.db, async (tx) => {
      await tx.insertInto('users').values(person('phantom')).execute()
      stuck = await freeze(tx)
      await sql`SELECT 1`.execute(tx)
    }),
  )
  expect(isUnavailable(error)).toBe(true)
  await one.db.insertInto('users').values(person('durable')).execute()
  expect(await backend(one.db)).not.toBe(stuck)
  expect(await query(server.url, `SELECT username FROM users WHERE username IN ('phantom', 'durable')`)).toEqual([
    { username: 'durable' },
  ])
  await one.db.destroy()
})

test('DB-02! a client timeout outside a transaction ends the connection too', async () => {
  const one = impatient()
  const stuck = await freeze(one.db)
  expect(isUnavailable(await caught(backend(one.db)))).toBe(true)
  expect(one.pool.totalCount).toBe(0)
  expect(await backend(one.db)).not.toBe(stuck)
  await one.db.destroy()
})

test('DB-04! DB-07 an exhausted pool and a server that is not there are told apart from mistakes', async () => {
  const one = connect(server.url, { applicationName: 'busy', poolSize: 1 })
  const waited = await inTransaction(one.db, () => caught(backend(one.db)))
  expect(isUnavailable(waited)).toBe(true)
  await one.db.destroy()
  const nowhere = connect('postgres://x:x@127.0.0.1:1/x', { applicationName: 'test', poolSize: 1 })
  expect(isUnavailable(await caught(backend(nowhere.db)))).toBe(true)
  await nowhere.db.destroy()
  expect(classifyDatabaseError(await caught(sql`SELECT 1/0`.execute(db)))).toEqual({ kind: 'other' })
  const readOnly = sql`SET TRANSACTION READ ONLY; CREATE TABLE x ()`
  expect(classifyDatabaseError(new TypeError('x'))).toEqual({ kind: 'other' })
  expect(isUnavailable(await caught(db.transaction().execute((tx) => readOnly.execute(tx))))).toBe(true)
})

test('the pool is not a transaction to the compiler', () => {
  const needsTransaction = (tx: Tx): boolean => tx.isTransaction
  // @ts-expect-error The pool must not pass.
  expect(needsTransaction(db)).toBe(false)
})
