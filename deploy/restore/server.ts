import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { chooseAccount, environment, type Account } from '../../src/db/embeddedAccount.ts'
import { freePort, hasExited, spawnPostmaster, stopPostmaster } from '../../src/db/embeddedPostmaster.ts'

const run = promisify(execFile)
const installed = '/usr/lib/postgresql'

/** The folder with the programs of the newest PostgreSQL that Debian or Ubuntu installed; undefined where there is none. */
export function findPrograms(): string | undefined {
  const versions = existsSync(installed) ? readdirSync(installed).map(Number) : []
  const folders = versions.sort((one, other) => other - one).map((version) => join(installed, String(version), 'bin'))
  return folders.find((folder) => ['initdb', 'postgres', 'pg_dump'].every((name) => existsSync(join(folder, name))))
}

export interface Server {
  /** For libpq: PGHOST, PGPORT, PGUSER, PGPASSWORD. */
  access: Record<string, string>
  urlOf(database: string): string
  stop(): Promise<void>
}

/** A server of its own in a folder, on 127.0.0.1, with the programs of this machine. */
export async function startServer(folder: string, programs: string): Promise<Server> {
  const home = join(folder, 'postgres')
  const [password, port] = [randomBytes(18).toString('base64url'), await freePort()]
  const binaries = { initdb: join(programs, 'initdb'), postgres: join(programs, 'postgres') }
  const account = await chooseAccount(folder, home, binaries)
  const cluster = { data: join(home, 'data'), log: join(home, 'server.log'), password }
  await makeCluster(home, binaries.initdb, account, cluster)
  const postmaster = await spawnPostmaster(binaries, account, cluster, port)
  const access = { PGHOST: '127.0.0.1', PGPORT: String(port), PGUSER: 'postgres', PGPASSWORD: password }
  const isReady = () =>
    run(join(programs, 'psql'), ['--dbname=postgres', '--command=SELECT 1'], {
      env: { ...environment, ...access },
    }).then(
      () => true,
      () => false,
    )
  while (!(await isReady())) {
    if (hasExited(postmaster)) throw new Error(`PostgreSQL ended: ${cluster.log}`)
    await sleep(50)
  }
  return {
    access,
    urlOf: (database) => `postgres://postgres:${password}@127.0.0.1:${port}/${database}`,
    stop: () => stopPostmaster(postmaster),
  }
}

async function makeCluster(
  home: string,
  initdb: string,
  { prefix, options, user }: Account,
  { data, password }: { data: string; password: string },
): Promise<void> {
  mkdirSync(home, { mode: 0o700 })
  const passwordFile = join(home, 'password')
  writeFileSync(passwordFile, password, { mode: 0o600 })
  if (user) for (const path of [home, passwordFile]) chownSync(path, user.uid, user.gid)
  const [program = '', ...words] = [
    ...[...prefix, initdb, '--pgdata', data, '--username=postgres', `--pwfile=${passwordFile}`],
    ...['--auth=scram-sha-256', '--encoding=UTF8', '--locale=C.UTF-8', '--data-checksums', '--no-instructions'],
  ]
  await run(program, words, { ...options, cwd: '/', env: environment })
}
