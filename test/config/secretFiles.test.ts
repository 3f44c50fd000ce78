import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ConfigError, readConfig } from '../../src/config.ts'
import { describeConfig } from '../../src/config/document.ts'
import { runCommand } from '../support/command.ts'

const secret = randomBytes(48).toString('base64')
const secretNames = describeConfig()
  .filter(({ meaning }) => meaning.includes('a file that holds it'))
  .map(({ name }) => name)
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'user-management-test-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function file(content: string): Promise<string> {
  const path = join(folder, randomBytes(6).toString('hex'))
  await writeFile(path, content)
  return path
}

function faults(env: Record<string, string>) {
  try {
    readConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error.faults.map(({ name, message }) => `${name} ${message}`)
    throw error
  }
  return []
}

describe('a secret in a file', () => {
  test('every secret may be in one, and is told so to the reader', () => {
    expect(secretNames).toEqual([
      ...['DATABASE_URL', 'DATABASE_MIGRATION_URL', 'REDIS_URL', 'JWT_SECRET', 'JWT_PREVIOUS_SECRETS'],
      ...['SMTP_URL', 'ADMIN_PASSWORD'],
    ])
  })

  test.each([
    ['without', ''],
    ['with', '\n'],
    ['with a Windows', '\r\n'],
  ])('is read %s final newline', async (_how, end) => {
    expect(readConfig({ JWT_SECRET_FILE: await file(secret + end) }).tokens.secret).toBe(secret)
  })

  test('loses one newline, not two, nor a space', async () => {
    const message = 'JWT_SECRET must not contain a comma, nor begin or end with a space'
    expect(faults({ JWT_SECRET_FILE: await file(`${secret}\n\n`) })).toEqual([message])
    expect(faults({ JWT_SECRET_FILE: await file(`${secret} \n`) })).toEqual([message])
  })

  test('serves the rules as the variable does', async () => {
    const env = { ENVIRONMENT: 'production', JWT_SECRET_FILE: await file('changeme-changeme-changeme-in-prod') }
    const DATABASE_URL_FILE = await file('postgresql://users:7hK2p@127.0.0.1:5432/users\n')
    expect(faults({ ...env, DATABASE_URL_FILE })).toEqual([
      'JWT_SECRET can be guessed: make one with "openssl rand -base64 48"',
    ])
    const password = { ADMIN_USERNAME: 'boss', ADMIN_PASSWORD_FILE: await file('seven quiet bicycles') }
    expect(readConfig(password).admin).toMatchObject({ username: 'boss', password: 'seven quiet bicycles' })
  })

  test('CFG-01 beside the variable, missing or empty, it is a fault that names no value', async () => {
    const path = await file(secret)
    expect(
      faults({
        ...{ JWT_SECRET: secret, JWT_SECRET_FILE: path },
        REDIS_URL_FILE: join(folder, 'missing'),
        SMTP_URL_FILE: folder,
        ADMIN_PASSWORD_FILE: await file('\n'),
      }),
    ).toEqual([
      'REDIS_URL cannot be read from the file of REDIS_URL_FILE (ENOENT)',
      'JWT_SECRET and JWT_SECRET_FILE are both set: keep one of them',
      'SMTP_URL cannot be read from the file of SMTP_URL_FILE (EISDIR)',
      'ADMIN_PASSWORD is empty in the file of ADMIN_PASSWORD_FILE',
    ])
    expect(faults({ JWT_SECRET_FILE: '', JWT_SECRET: secret })).toEqual([])
  })

  test('that cannot be read ends a program with exit code 78', async () => {
    const { code, errors } = await runCommand('migrate', [], { env: { DATABASE_URL_FILE: join(folder, 'missing') } })
    expect([code, errors]).toEqual([
      78,
      'The configuration is refused:\n  DATABASE_URL cannot be read from the file of DATABASE_URL_FILE (ENOENT)\n',
    ])
  })
})
