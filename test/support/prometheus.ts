import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { freePort } from './serviceProcess.ts'

const find = (name: string) =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find(isExecutable)
const [prometheus, promtool] = [find('prometheus'), find('promtool')]

if (!prometheus || !promtool) {
  process.stderr.write('SKIPPED for want of prometheus and promtool on the PATH: the tests of rules and alerts.\n')
}

/** For tests that need Prometheus and its tool (both are in Debian's package `prometheus`). */
export const describeWithPrometheus = prometheus && promtool ? describe : describe['skip']

/** Runs `promtool` in a folder; answers its exit code and all it said. */
export function runPromtool(folder: string, ...args: string[]): { code: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync(promtool!, args, { cwd: folder, encoding: 'utf8' })
  return { code: status, said: stdout + stderr }
}

export interface Prometheus {
  /** The answer of an API path, its `data`. */
  get(path: string): Promise<unknown>
  stop(): Promise<void>
}

/** Starts one on a configuration file, with its data in a folder that must not be there yet. */
export async function startPrometheus(config: string, data: string): Promise<Prometheus> {
  const address = `127.0.0.1:${await freePort()}`
  const options = [`--config.file=${config}`, `--storage.tsdb.path=${data}`, `--web.listen-address=${address}`]
  const child: ChildProcess = spawn(prometheus!, options, { stdio: 'ignore' })
  return {
    async get(path) {
      const answer = await fetch(`http://${address}/api/v1/${path}`).catch(() => undefined)
      return answer?.ok ? ((await answer.json()) as { data: unknown }).data : undefined
    },
    async stop() {
      if (child.exitCode !== null) return
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
