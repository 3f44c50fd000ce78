import { createHash } from 'node:crypto'
import type { Db } from '../../db/database.ts'
import { Problem } from '../../problem.ts'
import { appendChunk } from '../../queries/userImportChunks.ts'
import type { Holder } from '../../queries/userImports.ts'

/** Bytes that are written at once, and kept in memory until then. */
const chunkBytes = 128 * 1024

/**
 * Writes a file into the database piece by piece while it arrives, no faster than the database takes it, and answers its
 * SHA-256. Throws `conflict` where another upload took its place or the import was cancelled, and whatever `bytes` throws.
 */
export async function receiveFile(db: Db, upload: Holder, bytes: AsyncIterable<Buffer>): Promise<Buffer> {
  const hash = createHash('sha256')
  let start = 0
  for await (const data of piecesOf(bytes)) {
    hash.update(data)
    if (!(await appendChunk(db, upload, { start, data }))) throw superseded()
    start += data.length
  }
  return hash.digest()
}

/** The SHA-256 of a file that is there already. */
export async function digestOf(bytes: AsyncIterable<Buffer>): Promise<Buffer> {
  const hash = createHash('sha256')
  for await (const piece of bytes) hash.update(piece)
  return hash.digest()
}

export function superseded(): Problem {
  return new Problem('conflict', {
    detail: 'The import was cancelled, or another upload with the same Idempotency-Key goes on in place of this one.',
  })
}

async function* piecesOf(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let parts: Buffer[] = []
  let length = 0
  for await (const part of bytes) {
    parts.push(part)
    length += part.length
    if (length < chunkBytes) continue
    yield Buffer.concat(parts)
    parts = []
    length = 0
  }
  if (length > 0) yield Buffer.concat(parts)
}
