import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { runCommand } from '../support/command.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { manyRows, ndjson } from '../support/imports.ts'
import { inherited } from '../support/inherited.ts'

const row = (name: string) => ({ username: name, email: `${name}@example.com` })

describe('npm run import and npm run export', () => {
  let database: TestDatabase
  let folder: string
  let env: Record<string, string>
  beforeAll(async () => {
    database = await createTestDatabase()
    folder = await mkdtemp(join(tmpdir(), 'import-command-'))
    env = { DATABASE_URL: database.url, JWT_SECRET: 'Ww3kq9Zt1xJ8vN5bR2mL7pD4sG6hF0cYaEuTiOjKnBq' }
  })
  afterAll(async () => {
    await database.drop()
    await rm(folder, { recursive: true })
  })

  async function fileOf(name: string, content: string): Promise<string> {
    const path = join(folder, name)
    await writeFile(path, content)
    return path
  }

  test('a file whose rows are all well is imported, and written down', async () => {
    const path = await fileOf('two.csv', 'username,email\ncsv.one,csv.one@example.com\ncsv.two,csv.two@example.com\n')
    const { code, output } = await runCommand('import', [path], { env })
    expect([code, output]).toEqual([0, 'completed: created 2, updated 0, skipped 0, failed 0.\n'])
    const events = await database.query('SELECT action FROM audit_events ORDER BY seq')
    expect(events.map(({ action }) => String(action))).toEqual([
      'users.import-requested',
      'user.created',
      'user.created',
      'users.imported',
    ])
  })

  test('rows that fail are named with line and reason, and the exit code says so', async () => {
    const input = ndjson(row('std.one'), { username: 'x', email: 'nowhere.at.all' }, row('csv.one'))
    const { code, output } = await runCommand('import', ['-'], { env, input })
    expect(code).toBe(2)
    expect(output).toMatch(/^line 2: username must NOT have fewer than 3 characters.* email must be an e-mail address/m)
    expect(output).toMatch(/^line 3: username another account has this username email another account/m)
    expect(output).toMatch(/^completed: created 1, updated 0, skipped 0, failed 2\.$/m)
  })

  test('a dry run makes nobody, --on-conflict is heeded', async () => {
    const input = ndjson(row('dry.one'), row('csv.one'))
    const dry = await runCommand('import', ['-', '--dry-run', '--on-conflict', 'skip'], { env, input })
    expect([dry.code, dry.output]).toEqual([0, 'completed: would be created 1, updated 0, skipped 1, failed 0.\n'])
    expect(await database.query(`SELECT FROM users WHERE username = 'dry.one'`)).toEqual([])
  })

  test('a file that is of no use, or is not there, imports nobody', async () => {
    const useless = await runCommand('import', [await fileOf('bad.csv', 'name\nx\n')], { env })
    expect([useless.code, useless.output]).toMatchObject([1, expect.stringMatching(/^line 1: .*name is not a column/)])
    const absent = await runCommand('import', [join(folder, 'absent.csv')], { env })
    expect([absent.code, absent.errors]).toEqual([1, 'The file cannot be read (ENOENT).\n'])
    for (const words of [
      [],
      ['a', 'b'],
      ['a', '--format', 'xml'],
      ['a', '--on-conflict', 'maybe'],
      ['--resume', 'x'],
    ]) {
      const { code, errors } = await runCommand('import', words, { env })
      expect([code, errors]).toEqual([1, expect.stringMatching(/Usage: npm run import|is one of|no such import/)])
    }
  })

  test('SIGINT stops between two rows and says how to go on; --resume does', async () => {
    const path = await fileOf('many.ndjson', manyRows(10_000))
    const program = join(import.meta.dirname, '../../src/commands/import.ts')
    const child = spawn(process.execPath, [program, path], {
      cwd: folder,
      env: { ...inherited, ENVIRONMENT: 'test', ...env },
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const output = text(child.stdout)
    const created = `SELECT count(*)::integer AS count FROM users WHERE username LIKE 'many.%'`
    const count = async () => (await database.query<{ count: number }>(created))[0]!.count
    while ((await count()) === 0) await new Promise((go) => setTimeout(go, 10))
    child.kill('SIGINT')
    const [code] = (await once(child, 'exit')) as [number]
    expect(code).toBe(130)
    const [, id = ''] = /npm run import -- --resume ([0-9a-f-]{36})/.exec(await output) ?? []
    expect(await count()).toBeLessThan(10_000)
    const resumed = await runCommand('import', ['--resume', id], { env })
    expect([resumed.code, resumed.output]).toEqual([0, 'completed: created 10000, updated 0, skipped 0, failed 0.\n'])
    expect(await count()).toBe(10_000)
  }, 60_000)

  test('export writes everybody who fits, and the trail knows', async () => {
    const { code, output } = await runCommand('export', ['--format', 'csv', '--role', 'user', '--active', 'true'], {
      env,
    })
    expect(code).toBe(0)
    expect(output.split('\r\n')).toHaveLength(1 + 10_003 + 1)
    const events = await database.query(`SELECT FROM audit_events WHERE action = 'users.exported'`)
    expect(events).toHaveLength(1)
  })

  test('export takes the filters of the list, and shows how far it is beside the users', async () => {
    const from = ['--created-from', '2000-01-01T00:00:00Z', '--created-to', '2999-01-01T00:00:00+01:00']
    const words = ['--q', 'CSV.one', '--verified', 'false', '--deleted', 'include', ...from]
    const { code, output, errors } = await runCommand('export', words, { env })
    expect([code, errors]).toEqual([0, expect.stringContaining('1 users exported.')])
    expect(
      output
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { username: string }).username),
    ).toEqual(['csv.one'])
    const [event] = await database.query<{ changes: object }>(
      `SELECT changes FROM audit_events WHERE action = 'users.exported' ORDER BY seq DESC LIMIT 1`,
    )
    expect(event?.changes).toMatchObject({ is_search: { after: true }, deleted: { after: 'include' } })
    expect(JSON.stringify(event)).not.toContain('CSV.one')
  })

  test.each([
    ['--role', 'king'],
    ['--active', 'maybe'],
    ['--created-from', 'yesterday'],
    ['--deleted', 'perhaps'],
    ['--colour', 'blue'],
  ])('export refuses %s %s in a sentence', async (...words) => {
    const { code, errors } = await runCommand('export', words, { env })
    expect(code).toBe(1)
    expect(errors).toMatch(/^[^\n]+\.\n$|^[^\n]+FILE\n$/)
  })
})
