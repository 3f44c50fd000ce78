import { execFileSync } from 'node:child_process'
import { availableParallelism } from 'node:os'

/** The server under measurement has one core to itself; PostgreSQL and the load share the other. */
export const serverCore = '0'
export const otherCore = '1'
/** As in production, where nobody binds anything: for what must be shown to hold there. */
export const bothCores = '0,1'

export const canPin = availableParallelism() > 1 && isInstalled('taskset')

/** The command, bound to these cores where the machine can do that. */
export function pinned(cores: string, command: [string, ...string[]]): [string, ...string[]] {
  return canPin ? ['taskset', '-c', cores, ...command] : command
}

/** This process and whatever it starts from now on run on these cores alone. */
export function stayOn(cores: string): void {
  if (canPin) execFileSync('taskset', ['-apc', cores, String(process.pid)], { stdio: 'ignore' })
}

export function isInstalled(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' })
    return true
  } catch (error) {
    // wrk knows no such option and says so with a status of 1: it is there.
    return (error as NodeJS.ErrnoException).code !== 'ENOENT'
  }
}
