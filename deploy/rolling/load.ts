import { Agent, request } from 'node:http'

export interface Answer {
  /** 0 where there was none. */
  status: number
  /** The body, or why there is none. */
  body: string
  milliseconds: number
}

export interface Call {
  method?: string
  path: string
  headers: Record<string, string>
  body?: string
}

/** As browsers and services do: connections are kept and used again. */
const agent = new Agent({ keepAlive: true, maxSockets: 128 })

/** Sends one request and never throws. Nothing is sent twice. */
export function send(port: number, { method = 'GET', path, headers, body }: Call): Promise<Answer> {
  const began = performance.now()
  return new Promise((resolve) => {
    const done = (status: number, text: string) =>
      resolve({ status, body: text, milliseconds: performance.now() - began })
    const outgoing = request({ agent, host: '127.0.0.1', port, method, path, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => (text += part))
      response.on('end', () => done(response.statusCode ?? 0, text))
      response.on('error', (error) => done(0, error.message))
    })
    outgoing.setTimeout(30_000, () => outgoing.destroy(new Error('no answer in 30 s')))
    outgoing.on('error', (error: NodeJS.ErrnoException) => done(0, error.code ?? error.message))
    outgoing.end(body)
  })
}

/**
 * Sends so many requests a second, whether or not earlier ones were answered, until `signal` says stop; answers when the
 * last was answered.
 */
export function keepSending(
  perSecond: number,
  signal: AbortSignal,
  one: (index: number) => Promise<void>,
): Promise<number> {
  const began = performance.now()
  const underWay = new Set<Promise<void>>()
  let sent = 0
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (signal.aborted) {
        clearInterval(timer)
        void Promise.all(underWay).then(() => resolve(sent))
        return
      }
      const due = Math.floor(((performance.now() - began) / 1000) * perSecond)
      for (; sent < due; sent += 1) {
        const request = one(sent).finally(() => underWay.delete(request))
        underWay.add(request)
      }
    }, 10)
  })
}
