import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { pinned, serverCore } from './cores.ts'

export interface ServerProcess {
  base: string
  /** From before the process was made to its first 200, in milliseconds. */
  startMilliseconds: number
  /** User and system time of all its threads so far, in milliseconds. */
  cpuMilliseconds(): number
  /** In MiB, now and at the most so far. */
  memory(): { resident: number; peak: number }
  stop(): Promise<void>
  /** Without a word to it; whatever it started goes on. */
  kill(): Promise<void>
}

interface Start {
  /** Arguments of node. */
  command: string[]
  port: number
  env: Record<string, string>
  logFile: string
  readyPath: string
  cores?: string
}

const patience = 60_000
const tickMilliseconds = 10 // _SC_CLK_TCK is 100 on every Linux

/** Starts a server, pinned where the machine can, logging to a file, and waits until it says that it is ready. */
export async function startServer(start: Start): Promise<ServerProcess> {
  const { command, port, env, logFile, readyPath, cores = serverCore } = start
  const log = openSync(logFile, 'a')
  const [program, ...rest] = pinned(cores, [process.execPath, ...command])
  const before = performance.now()
  const child = spawn(program, rest, {
    env: { PATH: process.env.PATH ?? '', NODE_ENV: 'production', PORT: String(port), ...env },
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  const exited = once(child, 'exit')
  // A benchmark that fails leaves nothing running.
  const end = (): void => void child.kill('SIGKILL')
  process.once('exit', end)
  const base = `http://127.0.0.1:${port}`
  while (!(await isReady(base + readyPath))) {
    const isGone = child.exitCode !== null || child.signalCode !== null
    if (isGone || performance.now() - before > patience) {
      end()
      throw new Error(`${command.join(' ')} does not become ready:\n${readFileSync(logFile, 'utf8').slice(-2000)}`)
    }
    await sleep(10)
  }
  return {
    base,
    startMilliseconds: performance.now() - before,
    cpuMilliseconds: () => cpuTicks(child.pid ?? 0) * tickMilliseconds,
    memory() {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
      const mebibytes = (line: RegExp) => Number(line.exec(status)?.[1]) / 1024
      return { resident: mebibytes(/VmRSS:\s+(\d+)/), peak: mebibytes(/VmHWM:\s+(\d+)/) }
    },
    async stop() {
      child.kill('SIGTERM')
      await exited
      process.off('exit', end)
    },
    async kill() {
      end()
      await exited
      process.off('exit', end)
    },
  }
}

function isReady(url: string): Promise<boolean> {
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  )
}

/** `utime` and `stime` of proc_pid_stat(5): the 12th and 13th field after the name, which may itself hold spaces. */
function cpuTicks(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return Number(fields[11]) + Number(fields[12])
}
