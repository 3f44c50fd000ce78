import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { inherited } from './inherited.ts'

export interface Finished {
  code: number
  output: string
  errors: string
}

/** Runs a file of `src/commands` as a process of its own, away from any `.env`, to its end. */
export async function runCommand(
  name: string,
  words: string[],
  { env, input = '' }: { env: Record<string, string>; input?: string },
): Promise<Finished> {
  const program = join(import.meta.dirname, '../../src/commands', `${name}.ts`)
  const child = spawn(process.execPath, [program, ...words], {
    cwd: tmpdir(),
    env: { ...inherited, ENVIRONMENT: 'test', ARGON2_MEMORY_KIB: '8192', ARGON2_TIME_COST: '1', ...env },
  })
  // A command that refuses its words ends before it reads.
  child.stdin.on('error', () => undefined).end(input)
  const [output, errors, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number]>,
  ])
  return { code, output, errors }
}
