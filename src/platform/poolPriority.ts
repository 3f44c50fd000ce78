import { readdir, readFile } from 'node:fs/promises'
import { getPriority, setPriority } from 'node:os'

/** Steps of nice(2). Measured: enough for reads on a machine that is busy besides, and logins still get their share. */
const stepsDown = 5

/**
 * Lets the threads of libuv's pool, which hash passwords, give way to the thread that answers requests, wherever both
 * want the same core. Linux alone has priorities by thread; elsewhere, or where the system refuses, nothing changes.
 */
export async function lowerPoolPriority(): Promise<void> {
  if (process.platform !== 'linux') return
  // Reading these lists starts the pool, all of its threads at once.
  for (const thread of await readdir('/proc/self/task')) {
    const name = await readFile(`/proc/self/task/${thread}/comm`, 'utf8').catch(() => '')
    if (name.trim() !== 'libuv-worker') continue
    try {
      setPriority(Number(thread), Math.min(19, getPriority(Number(thread)) + stepsDown))
    } catch {
      return
    }
  }
}
