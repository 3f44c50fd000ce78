import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { inherited } from './inherited.ts'

export interface Prism {
  url: string
  /** The lines it wrote, without colours. */
  output: string[]
  stop(): Promise<void>
}

/** Prism loads a thousand modules first; on a busy machine that takes a while. */
export const startMilliseconds = 120_000

/** Starts Prism's command line (`mock …` or `proxy …`) on a free port. */
export async function startPrism(...given: string[]): Promise<Prism> {
  const child = spawn(process.execPath, ['node_modules/.bin/prism', ...given, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...inherited, NO_COLOR: '1' },
  })
  process.once('exit', () => child.kill())
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const output: string[] = []
  const url = await new Promise<string>((resolve, reject) => {
    child.once('exit', () => reject(new Error(`Prism ended:\n${output.join('\n')}`)))
    createInterface({ input: child.stdout }).on('line', (line) => {
      const plain = line.replace(/\u001b\[[0-9;]*m/g, '')
      output.push(plain)
      const address = /Prism is listening on (http:\S+)/.exec(plain)?.[1]
      if (address !== undefined) resolve(address)
    })
  })
  return {
    url,
    output,
    async stop() {
      child.kill()
      await ended
    },
  }
}
