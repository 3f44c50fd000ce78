import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** A way to a server on which bytes can be kept back, as a network does that fails without a word. */
export interface FaultProxy {
  /** The server's URL, through the proxy. */
  url: string
  /** Keeps back what comes from now on, both ways or the server's answers alone. Connections stay open, and new ones open. */
  hold(what?: 'everything' | 'answers'): void
  /** Keeps back the server's answers from the moment somebody sends it this text, which does reach it. */
  holdAnswersTo(text: string): void
  /** What is kept back, as text. */
  held(): string
  /** Delivers what was kept back, in its order, and what comes. */
  release(): void
  /** Makes everything late by so many milliseconds, each way. */
  delay(milliseconds: number): void
  close(): Promise<void>
}

export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const { hostname, port } = new URL(target)
  const sockets = new Set<Socket>()
  let holding: 'everything' | 'answers' | undefined
  let kept: { to: Socket; bytes: Buffer }[] = []
  let lateness = 0
  let awaited: string | undefined

  async function pass(to: Socket, bytes: Buffer, isAnswer: boolean): Promise<void> {
    if (lateness > 0) await sleep(lateness)
    if (!isAnswer && awaited !== undefined && bytes.includes(awaited)) holding = 'answers'
    if (holding === 'everything' || (holding === 'answers' && isAnswer)) kept.push({ to, bytes })
    else if (to.writable) to.write(bytes)
  }

  const server = createServer((incoming) => {
    const outgoing = connect(Number(port), hostname)
    for (const [from, to] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      sockets.add(from)
      from.on('data', (bytes: Buffer) => void pass(to, bytes, from === outgoing))
      from.on('error', () => undefined)
      from.on('close', () => {
        sockets.delete(from)
        to.destroy()
      })
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = new URL(target)
  Object.assign(url, { hostname: '127.0.0.1', port: `${(server.address() as AddressInfo).port}` })

  return {
    url: url.href,
    hold: (what = 'everything') => void (holding = what),
    holdAnswersTo: (text) => void (awaited = text),
    held: () => kept.map(({ bytes }) => bytes.toString('latin1')).join(''),
    release() {
      holding = undefined
      awaited = undefined
      for (const { to, bytes } of kept) if (to.writable) to.write(bytes)
      kept = []
    },
    delay: (milliseconds) => void (lateness = milliseconds),
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
