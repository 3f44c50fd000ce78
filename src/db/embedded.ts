import type { ChildProcess } from 'node:child_process'
import { readFile, realpath, stat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { StartupError } from '../startupError.ts'
import { chooseAccount } from './embeddedAccount.ts'
import { findBinaries } from './embeddedBinaries.ts'
import { ensureCluster, homeOf, prepareDataDir, type Cluster } from './embeddedCluster.ts'
import { isOrphan, keepOwnership, openSession, tryLock, type ServerAddress } from './embeddedOwnership.ts'
import {
  findRunning,
  freePort,
  hasExited,
  isRunning,
  spawnPostmaster,
  stopPostmaster,
  stopRunning,
} from './embeddedPostmaster.ts'
import { supervise } from './embeddedSupervisor.ts'

export interface EmbeddedPostgres {
  /** A superuser's URL of the database `user_management`. */
  url: string
  /** Shuts PostgreSQL down in order and waits for it. A second call waits for the first. */
  stop(): Promise<void>
}

/** Another living process runs the server of this data directory. */
export class DataDirInUse extends StartupError {}

interface Started {
  child: ChildProcess
  client: pg.Client
}
type Launch = (port: number) => Promise<ChildProcess>

const database = 'user_management'
const patience = 30_000

/**
 * A real PostgreSQL of our own under `<dataDir>/postgres`, made at the first start, on a free port of 127.0.0.1.
 * Whatever became of the last start, the data are there; a server that outlived its owner is stopped first.
 * Throws a StartupError when another living process owns the data directory or something else needs the operator.
 * `settings` are PostgreSQL's own, by name, for more than a small server needs.
 */
export async function startEmbeddedPostgres(
  dataDir: string,
  settings: Record<string, string> = {},
): Promise<EmbeddedPostgres> {
  const binaries = await findBinaries()
  await prepareDataDir(dataDir)
  const folder = await realpath(dataDir)
  const account = await chooseAccount(folder, homeOf(folder), binaries)
  const cluster = await ensureCluster(folder, binaries, account)
  const launch: Launch = (port) => spawnPostmaster(binaries, account, cluster, port, settings)

  const deadline = Date.now() + patience
  for (;;) {
    await stopOrphan(cluster, folder, deadline)
    const port = await freePort()
    const started = await start(launch, cluster, port, deadline)
    if (started) return own(started, { port, password: cluster.password }, () => launch(port), folder)
    await sleep(50)
  }
}

async function stopOrphan(cluster: Cluster, folder: string, deadline: number): Promise<void> {
  const running = await findRunning(cluster)
  if (!running) return
  while (await isRunning(running.pid, cluster.data)) {
    const client = await openSession({ port: running.port, password: cluster.password }).catch(() => undefined)
    if (client) {
      const orphan = await isOrphan(client).catch(() => undefined)
      if (orphan) await stopRunning(running.pid, cluster.data)
      await client.end().catch(() => undefined)
      if (orphan === false) throw inUse(folder)
    }
    if (Date.now() > deadline) {
      throw new StartupError(
        `The PostgreSQL server in ${folder} (process ${running.pid}) is running but does not answer: end it and start again.`,
      )
    }
    // Starting, recovering or on its way out.
    await sleep(50)
  }
}

/** Undefined when another try, on another port or after a rival's shutdown, may succeed. */
async function start(launch: Launch, cluster: Cluster, port: number, deadline: number): Promise<Started | undefined> {
  const logged = (await stat(cluster.log).catch(() => undefined))?.size ?? 0
  const child = await launch(port)
  while (!hasExited(child)) {
    const client = await openSession({ port, password: cluster.password }).catch(() => undefined)
    if (client) return { child, client }
    if (Date.now() > deadline) {
      await stopPostmaster(child)
      throw new StartupError(`PostgreSQL was not ready within ${patience / 1000} s; see ${cluster.log}.`)
    }
    await sleep(20)
  }
  const log = (await readFile(cluster.log)).subarray(logged).toString()
  const temporary = /could not create any TCP\/IP sockets|lock file "postmaster.pid" already exists|shared memory block/
  if (temporary.test(log) && Date.now() < deadline) return undefined
  const reason = /FATAL: +(.*)/.exec(log)?.[1] ?? log.trim().split('\n').at(-1)
  throw new StartupError(`PostgreSQL could not be started (${reason}); see ${cluster.log}.`)
}

async function own(
  { child, client }: Started,
  address: ServerAddress,
  relaunch: () => Promise<ChildProcess>,
  folder: string,
): Promise<EmbeddedPostgres> {
  try {
    await lockAndCreate(client, folder)
  } catch (error) {
    await client.end().catch(() => undefined)
    await stopPostmaster(child)
    throw error
  }
  const ownership = keepOwnership(client, address)
  const endServer = supervise(child, relaunch)
  const stop = async (): Promise<void> => {
    await ownership.release()
    await endServer()
  }
  let stopping: Promise<void> | undefined
  return {
    url: `postgres://postgres:${address.password}@127.0.0.1:${address.port}/${database}`,
    stop: () => (stopping ??= stop()),
  }
}

async function lockAndCreate(client: pg.Client, folder: string): Promise<void> {
  if (!(await tryLock(client).catch(() => false))) throw inUse(folder)
  const existing = await client.query('SELECT FROM pg_database WHERE datname = $1', [database])
  if (existing.rowCount === 0) await client.query(`CREATE DATABASE ${database}`)
}

function inUse(folder: string): DataDirInUse {
  return new DataDirInUse(
    `Another running server already uses the DATA_DIR ${folder}: stop it or choose another DATA_DIR.`,
  )
}
