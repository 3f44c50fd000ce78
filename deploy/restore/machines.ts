import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createSealKeyPem } from '../../src/security/sealKey.ts'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../..')
const scripts = join(root, 'deploy/restore')

/** What must be kept apart from the dumps, by the variables of the configuration. */
export interface Secrets {
  env: Record<string, string>
  /** Each as it may show up in a dump. */
  traces: string[]
}

export function makeSecrets(folder: string): Secrets {
  const [jwt, pepper] = [randomBytes(48), randomBytes(32)]
  const seal = createSealKeyPem()
  const env = {
    JWT_SECRET: jwt.toString('base64'),
    PASSWORD_PEPPER_FILE: join(folder, 'peppers'),
    AUDIT_SEAL_KEY_FILE: join(folder, 'seal.pem'),
  }
  writeFileSync(env.PASSWORD_PEPPER_FILE, `one:${pepper.toString('base64')}\n`, { mode: 0o600 })
  writeFileSync(env.AUDIT_SEAL_KEY_FILE, seal, { mode: 0o600 })
  const sealed = seal.split('\n')[1]!
  // The last 32 bytes of the key's DER are the key.
  const keys = [jwt, pepper, Buffer.from(sealed, 'base64').subarray(-32)]
  return { env, traces: [sealed, ...keys.flatMap((key) => [key.toString('base64'), key.toString('hex')])] }
}

/** Whoever restores has the private key; whoever dumps has the public one. */
export class BackupKey {
  readonly publicFile: string
  readonly #home: string

  constructor(folder: string) {
    this.publicFile = join(folder, 'backup-public.gpg')
    this.#home = join(folder, 'gnupg')
    mkdirSync(this.#home, { mode: 0o700 })
  }

  async make(): Promise<void> {
    const words = ['--passphrase', '', '--quick-generate-key', 'backup@example.com', 'default', 'default', 'never']
    await this.#gpg(...words)
    await this.#gpg('--output', this.publicFile, '--export')
  }

  get env(): Record<string, string> {
    return { GNUPGHOME: this.#home }
  }

  /** All that is in a dump, as it lies there and as SQL. */
  async readDump(file: string, folder: string): Promise<string> {
    const [plain, text] = [join(folder, 'plain.dump'), join(folder, 'plain.sql')]
    await this.#gpg('--output', plain, '--decrypt', file)
    await run('pg_restore', ['--file', text, plain])
    return readFileSync(plain, 'latin1') + readFileSync(text, 'latin1')
  }

  /** gpg leaves a process behind that keeps the key. */
  async forget(): Promise<void> {
    await run('gpgconf', ['--homedir', this.#home, '--kill', 'all']).catch(() => undefined)
  }

  #gpg(...words: string[]): Promise<unknown> {
    return run('gpg', ['--batch', '--quiet', '--homedir', this.#home, ...words])
  }
}

/** Runs one of the two scripts; throws with what it said. */
export async function runScript(name: 'dump.sh' | 'restore.sh', words: string[], env: Record<string, string>) {
  await run(join(scripts, name), words, { env: { PATH: process.env.PATH, ...env } })
}

/** Runs a command of package.json and answers what it printed; throws where it does not exit with 0. */
export async function runNpm(name: string, words: string[], env: Record<string, string>): Promise<string> {
  const { stdout } = await run('npm', ['run', '--silent', name, '--', ...words], {
    cwd: root,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
  })
  return stdout
}
