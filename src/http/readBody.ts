import type { IncomingMessage } from 'node:http'
import { Problem } from '../problem.ts'

/**
 * Reads a request's body into memory.
 *
 * @param limitBytes the most that is read; a longer body is refused by its `Content-Length` before any of it is read.
 * @throws Problem `payload-too-large`; `unsupported-media-type` for any content coding, since a small compressed body
 *   may be an enormous one; `malformed-request` where the client goes away before the end.
 */
export function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const refusal = refuseUnread(request, limitBytes)
    if (refusal) return reject(refusal)
    if (request.destroyed) return reject(cutShort())

    const chunks: Buffer[] = []
    let received = 0

    function settle(): void {
      request.off('data', onData).off('end', onEnd).off('error', onError).off('close', onClose)
    }
    function onData(chunk: Buffer): void {
      received += chunk.length
      if (received <= limitBytes) {
        chunks.push(chunk)
        return
      }
      settle()
      request.pause()
      reject(tooLarge(limitBytes))
    }
    function onEnd(): void {
      settle()
      resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, received))
    }
    function onError(cause: Error): void {
      settle()
      reject(cutShort(cause))
    }
    function onClose(): void {
      settle()
      reject(cutShort())
    }
    request.on('data', onData).on('end', onEnd).on('error', onError).on('close', onClose)
  })
}

function refuseUnread(request: IncomingMessage, limitBytes: number): Problem | undefined {
  const refusal = refuseCoding(request)
  if (refusal) return refusal
  return Number(request.headers['content-length'] ?? 0) > limitBytes ? tooLarge(limitBytes) : undefined
}

/** `unsupported-media-type` for a body under any content coding. */
export function refuseCoding({ headers }: IncomingMessage): Problem | undefined {
  const coding = headers['content-encoding']
  if (coding !== undefined && coding.trim().toLowerCase() !== 'identity') {
    return new Problem('unsupported-media-type', {
      detail: 'The body must not be compressed.',
      headers: { 'Accept-Encoding': 'identity', Connection: 'close' },
    })
  }
  return undefined
}

/** The rest of the body is not worth reading, and without it the connection can carry no further request. */
function tooLarge(limitBytes: number): Problem {
  return new Problem('payload-too-large', {
    detail: `The body may have ${limitBytes} bytes at most.`,
    headers: { Connection: 'close' },
  })
}

/** The client went away before the end. */
export function cutShort(cause?: unknown): Problem {
  return new Problem('malformed-request', {
    detail: 'The connection was closed before the body was complete.',
    headers: { Connection: 'close' },
    cause,
  })
}
