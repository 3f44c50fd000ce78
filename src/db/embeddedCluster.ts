import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { access, chown, constants, mkdir, mkdtemp, open, readFile, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { StartupError } from '../startupError.ts'
import { environment, type Account } from './embeddedAccount.ts'
import type { Binaries } from './embeddedBinaries.ts'

const run = promisify(execFile)
const unfinished = 'postgres.new-'
const abandonedAfter = 10 * 60_000

/** Where everything of the embedded PostgreSQL lies. */
export interface Cluster {
  /** PostgreSQL's own data directory. */
  data: string
  log: string
  password: string
}

export const homeOf = (dataDir: string): string => join(dataDir, 'postgres')

/** The cluster under `home`, made when there is none. Several processes may try at once: one wins, all find the same. */
export async function ensureCluster(dataDir: string, binaries: Binaries, account: Account): Promise<Cluster> {
  await removeAbandoned(dataDir)
  const home = homeOf(dataDir)
  const exists = await stat(join(home, 'data', 'PG_VERSION')).catch(() => undefined)
  if (!exists) await makeCluster(dataDir, home, binaries, account)
  try {
    await access(join(home, 'data'), constants.R_OK | constants.W_OK | constants.X_OK)
    const password = await readFile(join(home, 'password'), 'utf8')
    return { data: join(home, 'data'), log: join(home, 'server.log'), password }
  } catch (cause) {
    throw new StartupError(`The database in ${home} cannot be read and written: ${(cause as Error).message}.`, {
      cause,
    })
  }
}

// Under another name until whole, so that a crash on the way leaves nothing the next start would take for a database.
async function makeCluster(dataDir: string, home: string, { initdb }: Binaries, account: Account): Promise<void> {
  const folder = await mkdtemp(join(dataDir, unfinished))
  try {
    const passwordFile = join(folder, 'password')
    await writeDurably(passwordFile, randomBytes(24).toString('base64url'))
    if (account.user) {
      await chown(passwordFile, account.user.uid, account.user.gid)
      await chown(folder, account.user.uid, account.user.gid)
    }
    const command = [
      ...[initdb, '--pgdata', join(folder, 'data'), '--username=postgres', `--pwfile=${passwordFile}`],
      ...['--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', '--locale-provider=builtin'],
      ...['--builtin-locale=C.UTF-8', '--data-checksums', '--no-instructions'],
    ]
    await initialise(account, command)
    await rename(folder, home)
    await syncFolder(dataDir)
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    const { code, stderr } = error as { code?: unknown; stderr?: string }
    // Another process was faster; its cluster is as good.
    if (code === 'ENOTEMPTY' || code === 'EEXIST') return
    const reason = stderr?.trim().split('\n').at(0) ?? (error as Error).message
    throw new StartupError(`The database in ${home} cannot be made: ${reason}.`, { cause: error })
  }
}

// initdb insists on a name for the user, which a bare number given to a container or to setpriv has not: seen from a
// user namespace of its own the same user is "nobody", and the files are still its own.
async function initialise(account: Account, command: string[]): Promise<void> {
  const start = async (...words: string[]): Promise<void> => {
    const [program = '', ...rest] = [...account.prefix, ...words]
    await run(program, rest, { ...account.options, cwd: '/', env: environment })
  }
  try {
    await start(...command)
  } catch (error) {
    if (!(error as { stderr?: string }).stderr?.includes('could not look up effective user ID')) throw error
    await start('unshare', '--user', '--map-user=65534', '--map-group=65534', ...command).catch(() => {
      throw error
    })
  }
}

/** What first starts left that were killed. */
async function removeAbandoned(dataDir: string): Promise<void> {
  for (const name of (await readdir(dataDir)).filter((entry) => entry.startsWith(unfinished))) {
    const { mtimeMs } = await stat(join(dataDir, name)).catch(() => ({ mtimeMs: Infinity }))
    if (mtimeMs < Date.now() - abandonedAfter) await rm(join(dataDir, name), { recursive: true, force: true })
  }
}

/** Makes the folder when missing. Others may pass through it (PostgreSQL may be another user) but not list it. */
export async function prepareDataDir(dataDir: string): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o711 })
    await rm(await mkdtemp(join(dataDir, '.writable-')), { recursive: true })
  } catch (cause) {
    throw new StartupError(`The DATA_DIR ${dataDir} cannot be written: ${(cause as Error).message}.`, { cause })
  }
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  await file.writeFile(text)
  await file.sync()
  await file.close()
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  await folder.sync()
  await folder.close()
}
