import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { open, readFile, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { environment, type Account } from './embeddedAccount.ts'
import type { Binaries } from './embeddedBinaries.ts'
import type { Cluster } from './embeddedCluster.ts'

const logLimit = 10_000_000

// For a small server; fsync stays on. The log never carries values: no parameters, no "Key (email)=(…)" details.
const settings = {
  ...{ listen_addresses: '127.0.0.1', unix_socket_directories: '', max_connections: 100, shared_buffers: '128MB' },
  ...{ jit: 'off', timezone: 'UTC', log_timezone: 'UTC', cluster_name: 'user_management' },
  ...{ log_error_verbosity: 'terse', log_parameter_max_length_on_error: 0, logging_collector: 'off' },
}

/** Our own server process. Not in our process group: Ctrl-C is for us, and we stop it when the last request is done. */
export async function spawnPostmaster(
  { postgres }: Binaries,
  account: Account,
  cluster: Cluster,
  port: number,
  others: Record<string, string> = {},
): Promise<ChildProcess> {
  const size = (await stat(cluster.log).catch(() => undefined))?.size ?? 0
  const log = await open(cluster.log, size > logLimit ? 'w' : 'a', 0o600)
  const options = Object.entries({ ...settings, ...others, port }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ])
  const [program = '', ...rest] = [...account.prefix, postgres, '-D', cluster.data, ...options]
  const child = spawn(program, rest, {
    ...account.options,
    ...{ cwd: '/', env: environment, detached: true, stdio: ['ignore', log.fd, log.fd] },
  })
  try {
    await once(child, 'spawn')
    return child
  } finally {
    await log.close()
  }
}

export const hasExited = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null

export async function stopPostmaster(child: ChildProcess): Promise<void> {
  if (hasExited(child)) return
  const exited = once(child, 'exit')
  child.kill('SIGINT')
  const impatience = setTimeout(() => child.kill('SIGQUIT'), 8000)
  await exited
  clearTimeout(impatience)
}

/** A server already running on the cluster, by its lock file. A file whose process is gone or another is removed. */
export async function findRunning({ data }: Cluster): Promise<{ pid: number; port: number } | undefined> {
  const path = join(data, 'postmaster.pid')
  const text = await readFile(path, 'utf8').catch(() => '')
  // Line 1 the process, line 4 the port (PostgreSQL's src/include/utils/pidfile.h).
  const [pid = 0, , , port = 0] = text.split('\n').map(Number)
  if (!text) return undefined
  if (pid > 0 && (await isRunning(pid, data))) return { pid, port }
  // Process numbers come round again, in containers at every start; PostgreSQL would take the stranger for a server.
  if ((await readFile(path, 'utf8').catch(() => '')) === text) await rm(path, { force: true })
  return undefined
}

/** Fast shutdown of a server that is not our child. */
export async function stopRunning(pid: number, data: string): Promise<void> {
  const start = Date.now()
  kill(pid, 'SIGINT')
  while (await isRunning(pid, data)) {
    await sleep(20)
    if (Date.now() - start > 8000) kill(pid, 'SIGQUIT')
    if (Date.now() - start > 15_000) throw new Error(`The process ${pid} does not end`)
  }
}

/** Whether the process lives and is the server of that folder. One that ended but that nobody waited for is neither. */
export async function isRunning(pid: number, data: string): Promise<boolean> {
  if (!kill(pid, 0)) return false
  if (process.platform !== 'linux') return true
  const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0')
  return words.includes(data)
}

function kill(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** A port that is free now; whoever starts on it must be ready to lose it. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address ? address.port : 0
}
