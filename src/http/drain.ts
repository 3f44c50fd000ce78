import { once } from 'node:events'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { openConnections, type Connection } from './connections.ts'
import { serve, stopListening } from './stopListening.ts'

/** How long the header of a request is waited for, in milliseconds. */
const firstRequestWait = 1000

const retiring = new WeakSet<Server>()

/**
 * From now on each answer carries `Connection: close`, so that clients leave of their own accord while the server still
 * accepts: what to do between the signal to stop and `drain`.
 */
export function closeAfterAnswers(server: Server): void {
  if (retiring.has(server)) return
  retiring.add(server)
  for (const { pending } of openConnections(server).values()) {
    for (const { response } of pending) lastOfItsConnection(response)
  }
  for (const event of ['request', 'checkContinue'] as const) {
    server.prependListener(event, (_request: IncomingMessage, response: ServerResponse) =>
      lastOfItsConnection(response),
    )
  }
}

/**
 * Stops accepting, closes what is idle, lets requests in flight finish, and `deadlineMs` from now cuts off the rest.
 * A request whose header is not there a second after that is not waited for.
 *
 * @param server one of `createHttpServer`.
 * @returns whether everything was finished by then.
 */
export async function drain(server: Server, deadlineMs: number): Promise<boolean> {
  const deadline = performance.now() + deadlineMs
  closeAfterAnswers(server)
  const closed = once(server, 'close')
  const newcomers = await stopListening(server)
  closeOnceAnswered(server)
  let isFinished = true
  const cutOff = () => {
    isFinished = false
    for (const socket of openConnections(server).keys()) socket.destroy()
  }
  const timer = setTimeout(cutOff, Math.max(0, deadline - performance.now()))
  await serve(newcomers)
  closeUnused(server)
  await closed
  clearTimeout(timer)
  return isFinished
}

/** An answer already under way may have promised to keep its connection. */
function closeOnceAnswered(server: Server): void {
  for (const { pending } of openConnections(server).values()) {
    for (const { response } of pending) response.once('close', () => server.closeIdleConnections())
  }
}

/**
 * Node counts a connection on which nothing was ever sent as busy, and for the end of a header it waits without limit now.
 * Load balancers connect in advance; that of a client that came a moment ago has its request on the way.
 */
function closeUnused(server: Server): void {
  for (const [socket, connection] of openConnections(server)) {
    if (connection.pending.length === 0) destroyUnlessUsed(socket, connection)
  }
}

function destroyUnlessUsed(socket: Socket, connection: Connection): void {
  const { bytesWritten } = socket
  const isUnused = () => connection.newest === undefined && socket.bytesWritten === bytesWritten
  // After another look at the sockets: what came during a long turn is not read yet.
  const timer = setTimeout(() => setImmediate(() => isUnused() && socket.destroy()), firstRequestWait)
  socket.once('close', () => clearTimeout(timer))
}

function lastOfItsConnection(response: ServerResponse): void {
  if (!response.headersSent) response.shouldKeepAlive = false
}
