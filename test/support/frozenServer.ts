import { readFileSync, readdirSync } from 'node:fs'
import { query } from './database.ts'

/** A PostgreSQL of ours that can be frozen as a whole, as a machine does that swaps or whose disk hangs. */
export interface FreezableServer {
  freeze(): void
  thaw(): void
}

/** @param url of the superuser. Linux alone: who belongs to the server is read from /proc. */
export async function freezable(url: string): Promise<FreezableServer> {
  // Not as the parent of the connection's own process, which may have gone by the time it is looked at.
  const file = `SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::integer AS pid`
  const [row] = await query<{ pid: number }>(url, file)
  const postmaster = row!.pid
  let frozen: number[] = []
  return {
    freeze() {
      // The postmaster first, which would start others.
      send(postmaster, 'SIGSTOP')
      frozen = [postmaster, ...childrenOf(postmaster)]
      for (const pid of frozen) send(pid, 'SIGSTOP')
    },
    thaw() {
      for (const pid of frozen.splice(0).reverse()) send(pid, 'SIGCONT')
    },
  }
}

/** A backend may end between being seen and being told. */
function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && parentOf(pid) === parent)
}

/** Undefined for a process that has gone meanwhile. */
function parentOf(pid: number): number | undefined {
  try {
    // The name in parentheses may hold spaces; the state and the parent follow it.
    return Number(/.*\) \S (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1])
  } catch {
    return undefined
  }
}
