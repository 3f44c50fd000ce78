import { sql } from 'kysely'
import { connect } from '../../src/db/database.ts'
import { migrate } from '../../src/db/migrate.ts'
import { startScratchServer, type ScratchServer } from './scratchServer.ts'

let server: ScratchServer

beforeAll(async () => {
  server = await startScratchServer()
  await migrate(server.url)
}, 30_000)

afterAll(() => server.stop())

test.each([
  ['is in use is told of', false, ['57P01']],
  ['was ended is told to nobody', true, []],
])('a connection that the server closes while its pool %s', async (_state, isEnded, codes) => {
  const reported: unknown[] = []
  const { db, pool } = connect(server.url, {
    applicationName: 'leaving',
    poolSize: 1,
    onConnectionError: (error) => reported.push((error as { code?: string }).code),
  })
  const removed = new Promise((resolve) => pool.on('remove', resolve))
  const { rows } = await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(db)
  const { pid } = rows[0]!
  // The server's word is on its way before it has read ours.
  process.kill(pid, 'SIGSTOP')
  if (isEnded) await pool.end()
  process.kill(pid, 'SIGTERM')
  process.kill(pid, 'SIGCONT')
  await removed
  if (!isEnded) await pool.end()
  expect(reported).toEqual(codes)
})
