import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { inherited } from './inherited.ts'

const main = new URL('../../src/main.ts', import.meta.url).pathname

/** The program itself, in a process of its own, with this environment and none of ours that configures it. */
export function spawnService(env: Record<string, string>, folder: string) {
  const child = spawn(process.execPath, [main], {
    env: { ...inherited, ...env },
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [out, errors] = ['', '']
  child.stdout.on('data', (bytes: Buffer) => (out += bytes.toString()))
  child.stderr.on('data', (bytes: Buffer) => (errors += bytes.toString()))
  const ended = once(child, 'close').then(([code]) => code as number | null)
  const log = () =>
    out
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>)
  return { child, ended, log, errors: () => errors }
}

/** Waits, for as long as the test may take, until `look` finds something; neither undefined nor false is anything. */
export async function until<Found>(look: () => Found | Promise<Found>): Promise<Exclude<Found, undefined | false>> {
  for (;;) {
    const found = await look()
    if (found !== undefined && found !== false) return found as Exclude<Found, undefined | false>
    await sleep(50)
  }
}
