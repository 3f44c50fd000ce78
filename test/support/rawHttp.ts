import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { createHttpServer, type HttpServerOptions } from '../../src/http/server.ts'

/** One HTTP answer, cut out of the bytes of a connection. Header names are in lower case. */
export interface RawAnswer {
  status: number
  headers: Record<string, string>
  body: string
}

/** Starts the server on a free port of the loopback interface; `await using` stops it. */
export async function listen(handler: RequestListener, options: HttpServerOptions = {}) {
  return started(createHttpServer(handler, options))
}

/** The same with Node's own server, for parts that must not need ours. */
export async function listenPlainly(handler: RequestListener) {
  return started(createServer(handler))
}

async function started(server: Server) {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    server,
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      if (server.listening) await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A connection that remembers what it received. */
export function open(port: number): { socket: Socket; received: () => string; closed: Promise<void> } {
  const socket = connect(port, '127.0.0.1')
  let received = ''
  socket.on('data', (bytes) => (received += bytes.toString('latin1')))
  socket.on('error', () => socket.destroy())
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  return { socket, received: () => received, closed }
}

/** Sends the bytes as they stand and returns every answer up to the moment the server hangs up. */
export async function exchange(port: number, bytes: string | Uint8Array): Promise<RawAnswer[]> {
  const { socket, received, closed } = open(port)
  socket.write(bytes)
  await closed
  return parseAnswers(received())
}

/** Waits until the connection has received what the pattern describes. */
export async function receive(connection: ReturnType<typeof open>, pattern: RegExp): Promise<string> {
  while (!pattern.test(connection.received())) await once(connection.socket, 'data')
  return connection.received()
}

export function parseAnswers(text: string): RawAnswer[] {
  const answers: RawAnswer[] = []
  let rest = text
  while (rest !== '') {
    const end = rest.indexOf('\r\n\r\n')
    if (end === -1) throw new Error('an answer without an end to its header')
    const [statusLine = '', ...lines] = rest.slice(0, end).split('\r\n')
    const headers = Object.fromEntries(
      lines.map((line) => [line.split(': ')[0]!.toLowerCase(), line.slice(line.indexOf(': ') + 2)]),
    )
    const status = Number(statusLine.split(' ')[1])
    const length = Number(headers['content-length'] ?? (status === 100 ? 0 : rest.length))
    answers.push({ status, headers, body: rest.slice(end + 4, end + 4 + length) })
    rest = rest.slice(end + 4 + length)
  }
  return answers
}
