import type { Server } from 'node:http'
import { Server as NetServer, type Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'

/** How long a lull is waited for, in milliseconds. */
const longestLullWait = 2000
/** Longer turns of the event loop had something to do, in milliseconds: an idle one takes some hundredths. */
const idleTurn = 0.1
/** So many newcomers are served before others have their turn. */
const atATime = 50

/**
 * Stops accepting, and closes what is idle. What the kernel has accepted and the process has not is reset then, perhaps
 * with a request that was sent already. So it happens right after a turn of the event loop that found no connection and
 * was over at once.
 *
 * A server that is busy without a pause has no such turn: it accepts one connection between the requests of others. So
 * what newcomers send is left unread meanwhile; with nothing to do but accept, it soon has them all.
 *
 * @returns these newcomers, for `serve`.
 */
export async function stopListening(server: Server): Promise<Socket[]> {
  const newcomers: Socket[] = []
  let connected = 0
  server.on('connection', (socket: Socket) => {
    connected += 1
    // In the next tick Node begins to read a connection, paused or not.
    process.nextTick(() => newcomers.push(socket.pause()))
  })
  await untilLull(() => connected)
  // `close` of HTTP looks through all connections first, which would leave time for another to come.
  NetServer.prototype.close.call(server)
  server.close()
  return newcomers
}

async function untilLull(connected: () => number): Promise<void> {
  const last = performance.now() + longestLullWait
  // Where this began among the answers of one look at the sockets, the first turn ends before the next look.
  await turn()
  for (let isLull = false; !isLull;) {
    const [before, start] = [connected(), performance.now()]
    await turn()
    const now = performance.now()
    isLull = (connected() === before && now - start < idleTurn) || now > last
  }
}

/** Reads what they sent. */
export async function serve(newcomers: Socket[]): Promise<void> {
  for (let index = 0; index < newcomers.length; index += 1) {
    if (index % atATime === 0) await turn()
    newcomers[index]!.resume()
  }
}
