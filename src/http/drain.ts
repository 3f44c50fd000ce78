import { once } from 'node:events'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { openConnections } from './connections.ts'

/** How long a lull is waited for, in milliseconds. */
const longestLullWait = 1000
/** Longer turns of the event loop had something to do, in milliseconds: an idle one takes some hundredths. */
const idleTurn = 0.1
/** How long the first request of a connection is waited for, in milliseconds. */
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
 * Connections without any request have a second for their first.
 *
 * @param server one of `createHttpServer`.
 * @returns whether everything was finished by then.
 */
export async function drain(server: Server, deadlineMs: number): Promise<boolean> {
  const deadline = performance.now() + deadlineMs
  closeAfterAnswers(server)
  const newcomers = keepWaiting(server)
  server.closeIdleConnections()
  // What can be done before is: each microsecond between the lull and the closing is one in which somebody may connect.
  const closed = once(server, 'close')
  await untilNobodyConnects(server)
  server.close()
  newcomers.serve()
  closeUnused(server)
  let isFinished = true
  const cutOff = () => {
    isFinished = false
    for (const socket of openConnections(server).keys()) socket.destroy()
  }
  const timer = setTimeout(cutOff, Math.max(0, deadline - performance.now()))
  await closed
  clearTimeout(timer)
  return isFinished
}

/**
 * Leaves unread, until `serve`, what connections without a request so far may send. A server that is busy without a pause
 * accepts one connection between the requests of others; with nothing to do but accept it soon has them all.
 */
function keepWaiting(server: Server): { serve(): void } {
  const waiting: Socket[] = []
  // Not before the next tick, in which Node begins to read a connection, paused or not.
  const hold = (socket: Socket) => process.nextTick(() => waiting.push(socket.pause()))
  for (const socket of openConnections(server).keys()) if (socket.bytesRead === 0) hold(socket)
  server.on('connection', hold)
  return {
    serve() {
      server.off('connection', hold)
      for (const socket of waiting) socket.resume()
    },
  }
}

/**
 * What the kernel has accepted and the process has not is reset when the process stops listening, perhaps with a request
 * that was sent already. So it stops right after a turn of the event loop that found no connection and was over at once.
 */
async function untilNobodyConnects(server: Server): Promise<void> {
  let connected = 0
  const count = () => (connected += 1)
  server.on('connection', count)
  const last = performance.now() + longestLullWait
  // Where this began among the answers of one look at the sockets, the first turn ends before the next look.
  await turn()
  for (let isLull = false; !isLull;) {
    const [before, start] = [connected, performance.now()]
    await turn()
    const now = performance.now()
    isLull = (connected === before && now - start < idleTurn) || now > last
  }
  server.off('connection', count)
}

function closeUnused(server: Server): void {
  for (const [socket, { pending }] of openConnections(server)) {
    // Node counts a connection on which nothing was ever sent as busy. Load balancers open them in advance; that of a
    // client that came a moment ago has its request on the way.
    if (socket.bytesRead === 0) destroyUnlessUsed(socket)
    // An answer already under way may have promised to keep its connection.
    for (const { response } of pending) response.once('close', () => server.closeIdleConnections())
  }
}

function destroyUnlessUsed(socket: Socket): void {
  const timer = setTimeout(() => socket.bytesRead === 0 && socket.destroy(), firstRequestWait)
  socket.once('close', () => clearTimeout(timer))
}

function lastOfItsConnection(response: ServerResponse): void {
  if (!response.headersSent) response.shouldKeepAlive = false
}
