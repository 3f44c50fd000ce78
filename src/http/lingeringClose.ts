import type { Socket } from 'node:net'

/** How long a client that is still sending is listened to, in milliseconds: enough for it to notice the answer. */
const LINGER_MS = 1000

/**
 * Ends a connection after an answer although the client may still be sending. Closing at once would meet the client's
 * next bytes with a reset, and a reset throws away what it has not read yet: the answer (RFC 9112 section 9.6).
 * What arrives in the meantime is discarded, so that it costs time but no memory.
 */
export function lingeringClose(socket: Socket, discard: () => void, lastBytes = ''): void {
  const timer = setTimeout(() => socket.destroy(), LINGER_MS)
  socket.once('close', () => clearTimeout(timer))
  socket.end(lastBytes)
  discard()
}
