import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import argon2 from 'argon2'
import type { ServerProcess } from './serverProcess.ts'

/** As the service would write it with its default settings. */
export function makeHash(): Promise<string> {
  return argon2.hash('a password of somebody', { memoryCost: 19_456, timeCost: 2, parallelism: 1 })
}

/** Users in NDJSON, a thousand a piece. */
export function* linesOf(rows: number, hash: string): Generator<string> {
  for (let n = 0; n < rows; n += 1000) {
    const piece = Array.from({ length: Math.min(1000, rows - n) }, (_, index) => {
      const username = `import.${rows}.${n + index}`
      const names = { first_name: 'Ada', last_name: 'Lovelace' }
      return JSON.stringify({ username, email: `${username}@example.com`, ...names, password_hash: hash })
    })
    yield `${piece.join('\n')}\n`
  }
}

/** Answers the path of the import. */
export async function upload({ base }: ServerProcess, token: string, lines: Iterable<string>): Promise<string> {
  const sent = request(`${base}/v1/user-imports`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/x-ndjson' },
  })
  const answered = once(sent, 'response') as Promise<[IncomingMessage]>
  await pipeline(Readable.from(lines), sent)
  const [answer] = await answered
  answer.resume()
  if (answer.statusCode !== 202) throw new Error(`the import was answered ${answer.statusCode}`)
  return answer.headers.location ?? ''
}
