import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { cutShort, refuseCoding } from './readBody.ts'

/** A body of any size, read by the handler as it arrives. */
export interface Upload<MediaType extends string> {
  mediaType: MediaType
  /** To be read once. Throws `malformed-request` where the client goes away before the end. */
  bytes: AsyncIterable<Buffer>
}

const uploading = new WeakSet<Socket>()

/**
 * Hands a body on unread. It may take longer than other requests may, as long as bytes keep coming: the server's stall
 * timeout still cuts what stands still. The connection ends with its answer: what an answer leaves unread is not worth
 * reading. Throws `unsupported-media-type` for any content coding.
 */
export function openUpload(request: IncomingMessage, response: ServerResponse, mediaType: string): Upload<string> {
  const refusal = refuseCoding(request)
  if (refusal) throw refusal
  response.shouldKeepAlive = false
  uploading.add(request.socket)
  return { mediaType, bytes: bytesOf(request) }
}

/** Whether the connection carries such a body, which the limit on the duration of requests is not meant for. */
export function isUploading(socket: Socket): boolean {
  return uploading.has(socket)
}

async function* bytesOf(request: IncomingMessage): AsyncGenerator<Buffer> {
  try {
    // Destroying the request would take the connection along, and with it the answer.
    yield* request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>
  } catch (cause) {
    throw cutShort(cause)
  }
  if (!request.complete) throw cutShort()
}
