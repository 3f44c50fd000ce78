import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { hasExited, stopPostmaster } from './embeddedPostmaster.ts'

const pause = 500

/**
 * Keeps PostgreSQL running: someone may end it, or the kernel for want of memory; then it is started again where the
 * pool looks for it. Returns what ends it for good.
 */
export function supervise(first: ChildProcess, launch: () => Promise<ChildProcess>): () => Promise<void> {
  const stopped = new AbortController()
  const keepRunning = async (): Promise<void> => {
    let child: ChildProcess | undefined = first
    while (child) {
      if (!hasExited(child)) await Promise.race([once(child, 'exit'), once(stopped.signal, 'abort')])
      if (stopped.signal.aborted) return stopPostmaster(child)
      await sleep(pause, undefined, { signal: stopped.signal }).catch(() => undefined)
      if (stopped.signal.aborted) return
      // A folder that is full or gone for now is tried again like everything else.
      child = await launch().catch(() => child)
    }
  }
  const running = keepRunning()
  return () => {
    stopped.abort()
    return running
  }
}
