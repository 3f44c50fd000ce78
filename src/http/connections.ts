import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

export interface RequestInFlight {
  request: IncomingMessage
  response: ServerResponse
}

/**
 * One client's connection: its requests without a complete answer, in the order they came, and the newest request, which
 * may still be arriving after it was answered.
 */
export interface Connection {
  pending: RequestInFlight[]
  newest: RequestInFlight | undefined
}

const connections = new WeakMap<Server, Map<Socket, Connection>>()

/** Begins to keep account, before the first connection comes. `node:http` keeps its own, but tells nobody. */
export function trackConnections(server: Server): void {
  const open = new Map<Socket, Connection>()
  connections.set(server, open)
  server.prependListener('connection', (socket) => {
    open.set(socket, { pending: [], newest: undefined })
    socket.once('close', () => open.delete(socket))
  })
}

/** Enters a request, to be struck out once its answer is sent or its connection lost. */
export function trackRequest(server: Server, inFlight: RequestInFlight): void {
  const connection = openConnections(server).get(inFlight.request.socket)
  if (!connection) return
  connection.pending.push(inFlight)
  connection.newest = inFlight
  inFlight.response.once('close', () => {
    connection.pending.splice(connection.pending.indexOf(inFlight), 1)
    // An idle connection need not keep its last request alive.
    if (inFlight.request.complete && connection.newest === inFlight) connection.newest = undefined
  })
}

/** @returns nothing for a server that `createHttpServer` did not make. */
export function openConnections(server: Server): ReadonlyMap<Socket, Connection> {
  return connections.get(server) ?? new Map<Socket, Connection>()
}
