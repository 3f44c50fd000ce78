import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { boundedInteger, equalBytes, type PasswordCheck } from './passwordFormat.ts'
import type { ShaCryptInput } from './shaCryptDigest.ts'

const layout = /^\$([56])\$(?:rounds=(\d+)\$)?([^$]{0,16})\$([./0-9A-Za-z]+)$/

/**
 * SHA-crypt of Unix password files, `$5$` (SHA-256) and `$6$` (SHA-512), up to 1,000,000 rounds: Passlib's default is
 * 656,000. The rounds are a plain loop of ours, so they run in a thread of their own.
 */
export function shaCryptFormat(storedHash: string): PasswordCheck | undefined {
  const [whole, id, count, salt = '', hash = ''] = layout.exec(storedHash) ?? []
  const rounds = boundedInteger(count ?? '5000', 0, 1_000_000)
  if (whole === undefined || rounds === undefined || hash.length !== (id === '5' ? 43 : 86)) return undefined

  return async (password) => {
    const input: ShaCryptInput = { digest: id === '5' ? 'sha256' : 'sha512', rounds, salt, password }
    return equalBytes(Buffer.from(await digestInThread(input)), Buffer.from(hash))
  }
}

async function digestInThread(input: ShaCryptInput): Promise<string> {
  const worker = new Worker(new URL('./shaCryptWorker.ts', import.meta.url), { workerData: input, execArgv: [] })
  try {
    const [digest] = (await once(worker, 'message')) as [string]
    return digest
  } finally {
    await worker.terminate()
  }
}
