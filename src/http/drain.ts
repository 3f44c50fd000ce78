import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { setImmediate as turn } from 'node:timers/promises'
import { openConnections } from './connections.ts'

/** All times in milliseconds. How long a lull is waited for, and how long a turn of the event loop takes in one. */
const longestWait = 1000
const shortTurn = 0.2
/** For the request of a connection that came just before the end. */
const firstRequest = 1000

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
 * Stops accepting, closes what is idle, lets requests in flight finish, and after `deadlineMs` cuts off the rest.
 *
 * @param server one of `createHttpServer`.
 * @returns whether everything was finished by then.
 */
export async function drain(server: Server, deadlineMs: number): Promise<boolean> {
  closeAfterAnswers(server)
  await untilNobodyConnects(server)
  return new Promise((resolve) => {
    let finished = true
    const timer = setTimeout(() => {
      finished = false
      for (const socket of openConnections(server).keys()) socket.destroy()
    }, deadlineMs)
    server.close(() => {
      clearTimeout(timer)
      resolve(finished)
    })
    closeUnused(server)
  })
}

/**
 * What the kernel has accepted and the process has not is reset when the process stops listening, perhaps with a request
 * that was sent already. So it stops right after a turn of the event loop that found no connection and was over at once.
 */
async function untilNobodyConnects(server: Server): Promise<void> {
  let connected = 0
  const count = () => (connected += 1)
  server.on('connection', count)
  const last = performance.now() + longestWait
  for (let isLull = false; !isLull;) {
    const [before, start] = [connected, performance.now()]
    await turn()
    const now = performance.now()
    isLull = (connected === before && now - start < shortTurn) || now > last
  }
  server.off('connection', count)
}

function closeUnused(server: Server): void {
  for (const [socket, { pending }] of openConnections(server)) {
    // Node counts a connection on which nothing was ever sent as busy; load balancers open them in advance.
    const giveUp = setTimeout(() => socket.bytesRead === 0 && socket.destroy(), firstRequest)
    socket.once('close', () => clearTimeout(giveUp))
    // An answer already under way may have promised to keep its connection.
    for (const { response } of pending) response.once('close', () => server.closeIdleConnections())
  }
}

function lastOfItsConnection(response: ServerResponse): void {
  if (!response.headersSent) response.shouldKeepAlive = false
}
