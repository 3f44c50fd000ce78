import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '../../src/db/embedded.ts'
import { query, scratchFolder } from '../db/scratchServer.ts'
import { startApi, type Api } from '../support/api.ts'
import { runCommand, type Finished } from '../support/command.ts'
import { addPerson, password, signIn } from '../support/people.ts'

const secret = 'Ww3kq9Zt1xJ8vN5bR2mL7pD4sG6hF0cYaEuTiOjKnBq'

describe('npm run admin', () => {
  let api: Api
  const admin = (words: string, input?: string): Promise<Finished> =>
    runCommand('admin', words.split(' '), {
      env: { DATABASE_URL: api.database.url, JWT_SECRET: secret },
      ...(input === undefined ? {} : { input }),
    })
  const refusal = async (words: string, input?: string): Promise<string> => {
    const { code, output, errors } = await admin(words, input)
    expect([code, output]).toEqual([1, ''])
    return errors
  }

  beforeAll(async () => {
    api = await startApi()
  })
  afterAll(() => api.close())

  test('makes an administrator who can sign in, and the event that says so', async () => {
    const made = await admin(
      'create --username root.one --email root.one@example.com --password-stdin',
      `${password}\n`,
    )
    expect(made).toEqual({ code: 0, output: 'The administrator root.one was added.\n', errors: '' })
    const { user } = await signIn(api, 'root.one')
    expect(user).toMatchObject({ role: 'admin', is_active: true, email: 'root.one@example.com' })
    const events = await api.database.query('SELECT action, actor_id FROM audit_events WHERE subject_id = $1', [
      user.id,
    ])
    expect(events).toContainEqual({ action: 'user.created', actor_id: null })
  })

  test('--generate prints a password that works, once', async () => {
    const { output } = await admin('create --username root.two --email root.two@example.com --generate')
    const generated = /^Password: (\S{20}) {3}\(shown this once\)$/m.exec(output)?.[1]
    const body = { identifier: 'root.two', password: generated }
    expect((await api.send('POST', '/v1/auth/login', { body })).status).toBe(200)
  })

  test('a taken name and a taken address are one sentence', async () => {
    await addPerson(api, { name: 'taken' })
    expect(await refusal('create --username TAKEN --email taken@EXAMPLE.com --generate')).toBe(
      'Nobody was added: another account has this username, and another account has this e-mail address.\n',
    )
  })

  test('the password policy is that of the service', async () => {
    const create = 'create --username root.three --email root.three@example.com --password-stdin'
    expect(await refusal(create, 'password1234\n')).toMatch(/^Nobody was added: This is one of the passwords .*\.\n$/)
    expect(await refusal(create, 'short\n')).toMatch(/^The password .*; 12 to 128 characters\.\n$/)
    expect(await refusal(create, `${password}\nand a second line\n`)).toMatch(/^The password may not have control/)
    expect(await api.database.query(`SELECT FROM users WHERE username = 'root.three'`)).toEqual([])
  })

  test('words that make no sense and a missing terminal are one sentence', async () => {
    expect(await refusal('create --surname Doe')).toMatch(/^Unknown option '--surname'\. Usage: .*\n$/)
    expect(await refusal('create --username root --email root@example.com')).toMatch(/^There is no terminal .*\.\n$/)
  })
})

test('on the embedded database: not while the service runs on it', async () => {
  const folder = await scratchFolder()
  const dataDir = join(folder, 'data')
  const create = 'create --username root --email root@example.com --generate'.split(' ')
  const running = await startEmbeddedPostgres(dataDir)
  const refused = await runCommand('admin', create, { env: { DATA_DIR: dataDir } })
  expect(refused.code).toBe(1)
  expect(refused.errors).toMatch(/^The service is running on the embedded database in .*: stop it, run this again/)
  await running.stop()
  expect((await runCommand('admin', create, { env: { DATA_DIR: dataDir } })).code).toBe(0)
  const again = await startEmbeddedPostgres(dataDir)
  expect(await query(again.url, 'SELECT username, role FROM users')).toEqual([{ username: 'root', role: 'admin' }])
  await again.stop()
  await rm(folder, { recursive: true })
}, 60_000)
