import { migrate } from '../../src/db/migrate.ts'
import { query, startScratchServer, type ScratchServer } from './scratchServer.ts'

const id = '018f0000-0000-7000-8000-000000000001'
const insert = `INSERT INTO audit_events (id, action, request_id) VALUES ('${id}', 'user.created', 'r1')`
const [hash, signature] = [32, 64].map((length) => `decode(repeat('00', ${length}), 'hex')`)
const seal = `INSERT INTO audit_seals VALUES
  (1, ${hash}, 1, '{${id}}', ${hash}, 1, ${hash}, 1, 1, 0, 1, '{}', now(), 'k', ${hash}, ${signature}, ${hash})`
const changes = [
  ...['UPDATE audit_seals SET root = hash', 'DELETE FROM audit_seals', 'TRUNCATE audit_seals'],
  ...[`UPDATE audit_events SET action = 'x'`, 'DELETE FROM audit_events', 'TRUNCATE audit_events'],
]
let server: ScratchServer

const as = (role: string, ...statements: string[]): Promise<unknown> =>
  query(server.url, `SET ROLE user_management_${role}`, ...statements)

beforeAll(async () => {
  server = await startScratchServer()
  await migrate(server.url)
  await as('app', insert, seal)
}, 30_000)

afterAll(() => server.stop())

test.each([
  ...changes,
  'ALTER TABLE audit_events DISABLE TRIGGER ALL',
  'ALTER TABLE audit_seals DISABLE TRIGGER ALL',
  'UPDATE subject_keys SET key = key',
  `SELECT setval('audit_events_seq_seq', 1)`,
  'DROP TABLE audit_events',
  `INSERT INTO audit_events (id, seq, action, request_id) OVERRIDING SYSTEM VALUE VALUES ('${id}', 7, 'x', 'r')`,
  `INSERT INTO audit_events (id, occurred_at, action, request_id) VALUES ('${id}', now(), 'x', 'r')`,
  'CREATE TABLE mine ()',
  'CREATE TEMPORARY TABLE mine ()',
  'CREATE SCHEMA mine',
  'CREATE INDEX ON users (email)',
  'TRUNCATE users CASCADE',
  `INSERT INTO schema_migrations VALUES (1, 'x', 'x')`,
  'SELECT * FROM pg_authid',
  `COPY users TO PROGRAM 'cat'`,
  'SET session_replication_role = replica',
])('AUD-03! DB-05! the application may not: %s', async (statement) => {
  await expect(as('app', statement)).rejects.toMatchObject({ code: '42501' })
})

test.each(changes)('AUD-05! the owner is refused: %s', async (statement) => {
  await expect(as('owner', statement)).rejects.toMatchObject({ code: '55000' })
})

test.each(changes)('AUD-05! a superuser in replica mode is refused: %s', async (statement) => {
  const attempt = query(server.url, 'SET session_replication_role = replica', statement)
  await expect(attempt).rejects.toMatchObject({ code: '55000' })
})

test('AUD-10! the moment of an event is the database’s, even for a superuser', async () => {
  const stamped = await query(
    server.url,
    `INSERT INTO audit_events (id, occurred_at, action, request_id) VALUES (gen_random_uuid(), '2001-01-01', 'x', 'r')
     RETURNING occurred_at > now() - interval '1 minute' AS now`,
  )
  expect(stamped).toEqual([{ now: true }])
  expect(await query(server.url, `SELECT action FROM audit_events WHERE id = '${id}'`)).toEqual([
    { action: 'user.created' },
  ])
})
