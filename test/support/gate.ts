import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A way to a server that can be shut: connections are cut and new ones refused, as if the server were down. */
export interface Gate {
  /** The server's URL, through the gate. */
  url: string
  open(): Promise<void>
  shut(): Promise<void>
}

/** Shut at first. The port stays the same. */
export async function createGate(target: string): Promise<Gate> {
  const { hostname, port: targetPort } = new URL(target)
  const sockets = new Set<Socket>()
  const server = createServer((incoming) => {
    const outgoing = connect(Number(targetPort), hostname)
    for (const socket of [incoming, outgoing]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        sockets.delete(socket)
        incoming.destroy()
        outgoing.destroy()
      })
    }
    incoming.pipe(outgoing).pipe(incoming)
  })
  const open = async (port: number): Promise<number> => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }
  const shut = async (): Promise<void> => {
    const closed = once(server, 'close')
    server.close()
    for (const socket of sockets) socket.destroy()
    await closed
  }
  const port = await open(0)
  await shut()
  const url = new URL(target)
  Object.assign(url, { hostname: '127.0.0.1', port: String(port) })
  return { url: url.href, open: async () => void (await open(port)), shut }
}
