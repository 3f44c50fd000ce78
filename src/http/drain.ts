import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { openConnections } from './connections.ts'

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
export function drain(server: Server, deadlineMs: number): Promise<boolean> {
  closeAfterAnswers(server)
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

function closeUnused(server: Server): void {
  for (const [socket, { pending }] of openConnections(server)) {
    // Node counts a connection on which nothing was ever sent as busy; load balancers open them in advance.
    if (socket.bytesRead === 0) socket.destroy()
    // An answer already under way may have promised to keep its connection.
    for (const { response } of pending) response.once('close', () => server.closeIdleConnections())
  }
}

function lastOfItsConnection(response: ServerResponse): void {
  if (!response.headersSent) response.shouldKeepAlive = false
}
