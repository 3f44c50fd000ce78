import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { manyRows, type UserImport } from '../support/imports.ts'
import { password } from '../support/people.ts'
import { startService, type ServiceProcess } from '../support/serviceProcess.ts'

const rows = 10_000
const json = { 'content-type': 'application/json' }

describe('an import whose server is killed', () => {
  let database: TestDatabase
  let folder: string
  let service: ServiceProcess
  beforeAll(async () => {
    database = await createTestDatabase()
    folder = await mkdtemp(join(tmpdir(), 'import-crash-'))
  })
  afterAll(async () => {
    service.child.kill('SIGKILL')
    await service.exited
    await database.drop()
    await rm(folder, { recursive: true, force: true })
  })

  async function start(): Promise<void> {
    service = await startService(folder, {
      DATABASE_URL: database.url,
      ADMIN_PASSWORD: password,
      JWT_SECRET: 'Ww3kq9Zt1xJ8vN5bR2mL7pD4sG6hF0cYaEuTiOjKnBq',
    })
    await service.until(200)
  }

  const progress = async () => {
    const [file] = await database.query<{ status: string; created: number }>('SELECT status, created FROM user_imports')
    return file!
  }

  test('FLT-30: twice, goes on where it was: each row once, each with its event, its key and its result', async () => {
    await start()
    const login = { method: 'POST', headers: json, body: JSON.stringify({ identifier: 'admin', password }) }
    const { access_token: token } = (await (await service.ask('/v1/auth/login', login))!.json()) as {
      access_token: string
    }
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson' }
    const answer = await service.ask('/v1/user-imports', { method: 'POST', headers, body: manyRows(rows) })
    expect([answer?.status, (await answer!.json()) as UserImport]).toMatchObject([202, { status: 'pending' }])

    for (const goal of [1, rows / 2]) {
      while ((await progress()).created < goal) await new Promise((go) => setTimeout(go, 5))
      service.child.kill('SIGKILL')
      await service.exited
      expect((await progress()).status).toBe('running')
      // What the half minute until the lease is over would do.
      await database.query('UPDATE user_imports SET leased_until = now()')
      await start()
    }
    while ((await progress()).status === 'running') await new Promise((go) => setTimeout(go, 20))

    expect(await progress()).toEqual({ status: 'completed', created: rows })
    const [found] = await database.query(`
      SELECT (SELECT count(*) FROM users WHERE username LIKE 'many.%')::integer AS users,
             (SELECT count(*) FROM audit_events WHERE action = 'user.created' AND actor_id IS NOT NULL)::integer AS events,
             (SELECT count(*) FROM user_import_results JOIN users ON users.id = user_id)::integer AS results,
             (SELECT count(*) FROM subject_keys JOIN users ON users.id = user_id WHERE username LIKE 'many.%')::integer AS keys`)
    expect(found).toEqual({ users: rows, events: rows, results: rows, keys: rows })
    expect(service.output().stdout).not.toMatch(/"level":"error"/)
  }, 120_000)
})
