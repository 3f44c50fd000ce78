import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Response } from 'express'

type Batches = AsyncIterable<unknown[]>

function isBatches(value: unknown): value is Batches {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}

/** Whether some list of the body comes in batches. */
export function isStreamed(body: unknown): body is object {
  return typeof body === 'object' && body !== null && Object.values(body).some(isBatches)
}

/**
 * Sends a body whose lists are read as they are sent, no faster than the client takes them. What fails on the way cuts
 * the connection: the client cannot take a part for the whole. A client that leaves is no failure.
 */
export async function streamJson(
  response: Response,
  { status, body }: { status: number; body: object },
  isHead = false,
): Promise<void> {
  response.statusCode = status
  response.setHeader('Content-Type', 'application/json')
  if (isHead) return void response.end()
  // The pipeline's listeners come on top of those that log, measure and compress; Node warns of more than ten.
  response.setMaxListeners(30)
  try {
    await pipeline(Readable.from(partsOf(body)), response)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error
  }
}

async function* partsOf(body: object): AsyncGenerator<string> {
  let separator = '{'
  for (const [name, value] of Object.entries(body) as [string, unknown][]) {
    if (value === undefined) continue
    yield `${separator}${JSON.stringify(name)}:`
    separator = ','
    if (isBatches(value)) yield* listOf(value)
    else yield JSON.stringify(value)
  }
  yield '}'
}

async function* listOf(batches: Batches): AsyncGenerator<string> {
  let separator = '['
  for await (const batch of batches) {
    if (batch.length === 0) continue
    yield separator + batch.map((item) => JSON.stringify(item)).join(',')
    separator = ','
  }
  yield separator === '[' ? '[]' : ']'
}
