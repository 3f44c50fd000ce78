import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { importUsers } from '../../src/jobs/importUsers.ts'
import { createSealKeyPem } from '../../src/security/sealKey.ts'
import { startApi, type Api } from '../support/api.ts'
import { runCommand } from '../support/command.ts'
import { copyOf, type TestDatabase } from '../support/database.ts'
import { importFile, manyRows, readImport, upload, type UserImport } from '../support/imports.ts'
import { signIn, signInAs } from '../support/people.ts'

const secret = 'Ww3kq9Zt1xJ8vN5bR2mL7pD4sG6hF0cYaEuTiOjKnBq'

describe('BAK-03! a backup with imports that had not ended, restored', () => {
  let folder: string
  let env: Record<string, string>
  let api: Api
  let backup: TestDatabase
  let restored: Api

  const run = (name: string) => runCommand(name, [], { env: { ...env, DATABASE_URL: backup.url } })

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'user-management-restored-'))
    env = { AUDIT_SEAL_KEY_FILE: join(folder, 'seal.pem'), JWT_SECRET: secret }
    await writeFile(env.AUDIT_SEAL_KEY_FILE!, createSealKeyPem())
    api = await startApi({ env })
  })
  afterAll(async () => {
    await restored.close()
    await backup.drop()
    await api.close()
    await rm(folder, { recursive: true })
  })

  test('ends what was being imported: nobody is made twice of a file that was done since', async () => {
    const admin = await signInAs(api, 'admin')
    const { token } = admin
    const ended = await importFile(api, manyRows(1, 'ended'), { token })
    const waiting = (await upload(api, manyRows(1, 'restored'), { token })).body as UserImport
    const cut = (await upload(api, manyRows(1, 'cut'), { token })).body as UserImport
    await api.database.query(`UPDATE user_imports SET status = 'running', lease_id = $2 WHERE id = $1`, [
      cut.id,
      randomUUID(),
    ])
    backup = await copyOf(api.database)

    expect(await run('restored')).toMatchObject({
      code: 0,
      output: expect.stringContaining('user_imports made void: 2\n') as string,
    })
    restored = await startApi({ env, database: backup })
    await importUsers(restored.context)
    const again = await signIn(restored, admin.user.username)
    const statuses = [ended.file, waiting, cut].map(
      async ({ id }) => (await readImport(restored, id, again.token)).file,
    )
    expect((await Promise.all(statuses)).map(({ status }) => status)).toEqual(['completed', 'cancelled', 'cancelled'])
    expect(await backup.query(`SELECT FROM users WHERE username IN ('restored.0', 'cut.0')`)).toEqual([])
    const events = `SELECT changes, actor_id FROM audit_events WHERE action = 'users.import-cancelled'
      ORDER BY changes -> 'import_id' ->> 'after'`
    const event = ({ id }: UserImport, before: string) => ({
      actor_id: null,
      changes: { import_id: { after: id }, status: { before, after: 'cancelled' } },
    })
    expect(await backup.query(events)).toMatchObject([event(waiting, 'pending'), event(cut, 'running')])
    expect((await run('restored')).output).toContain('user_imports made void: 0\n')
    expect(await backup.query(events)).toHaveLength(2)
    expect((await run('auditVerify')).code).toBe(0)
  }, 30_000)
})
