import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Response } from 'express'

interface StreamedAnswer {
  status: number
  mediaType: string
  stream: AsyncIterable<string>
}

/**
 * Sends an answer piece by piece, as fast as the client reads and no faster. The first piece is waited for before the status
 * is sent, so that what cannot begin is a problem and not half an answer. One that fails later breaks off, which the
 * client notices: the last chunk is missing. A client that goes away ends the stream, and whatever makes it.
 */
export async function sendStream(response: Response, answer: StreamedAnswer, isHead = false): Promise<void> {
  const pieces = answer.stream[Symbol.asyncIterator]()
  const first = await pieces.next()
  response.statusCode = answer.status
  response.setHeader('Content-Type', answer.mediaType)
  if (isHead || first.done) {
    await pieces.return?.()
    response.end()
    return
  }
  // As in streamJson.ts.
  response.setMaxListeners(30)
  try {
    await pipeline(Readable.from(startingWith(first.value, pieces), { objectMode: true, highWaterMark: 1 }), response)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error
  }
}

async function* startingWith(first: string, rest: AsyncIterator<string>): AsyncGenerator<string> {
  try {
    yield first
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value
  } finally {
    await rest.return?.()
  }
}
