import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import manifest from '../../package.json' with { type: 'json' }

const root = join(import.meta.dirname, '../..')
/** What `npm start` gives to node. */
const command = manifest.scripts.start.split(' ').slice(1)

/** One of several instances, which is stopped and started over and over. */
export class Instance {
  readonly port: number
  readonly #env: Record<string, string>
  readonly #logFile: string
  #child: ChildProcess | undefined

  constructor(port: number, env: Record<string, string>, logFile: string) {
    this.port = port
    this.#env = { ...env, PORT: String(port) }
    this.#logFile = logFile
  }

  /** Answers once it is ready, with the milliseconds that took. */
  async start(): Promise<number> {
    const began = performance.now()
    const log = openSync(this.#logFile, 'a')
    const env = { PATH: process.env.PATH ?? '', ...this.#env }
    this.#child = spawn(process.execPath, command, { cwd: root, env, stdio: ['ignore', log, log] })
    closeSync(log)
    while (!(await this.#isReady())) {
      if (this.#child.exitCode !== null)
        throw new Error(`an instance ended with ${this.#child.exitCode}: ${this.#logFile}`)
      await sleep(50)
    }
    return performance.now() - began
  }

  /** Answers once it is gone, with the milliseconds that took. Throws where it did not go in order. */
  async stop(): Promise<number> {
    const child = this.#child
    if (!child || child.exitCode !== null) return 0
    const began = performance.now()
    child.kill('SIGTERM')
    const [code] = (await once(child, 'exit')) as [number | null]
    if (code !== 0) throw new Error(`an instance that was asked to stop ended with ${code}`)
    return performance.now() - began
  }

  kill(): void {
    this.#child?.kill('SIGKILL')
  }

  #isReady(): Promise<boolean> {
    return fetch(`http://127.0.0.1:${this.port}/ready`).then(
      ({ ok }) => ok,
      () => false,
    )
  }
}
