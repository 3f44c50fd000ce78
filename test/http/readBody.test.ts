import { gzipSync } from 'node:zlib'
import type { IncomingMessage } from 'node:http'
import { readBody } from '../../src/http/readBody.ts'
import { plainApp } from '../support/plainApp.ts'
import { exchange, listen, listenPlainly, open, parseAnswers, receive } from '../support/rawHttp.ts'

const LIMIT = 1000
const STREAM_EVENTS = ['data', 'end', 'error', 'close'] as const

/** Answers with the body it read; `requests` holds what came. */
async function listenForBodies() {
  const requests: IncomingMessage[] = []
  const handler = plainApp(async (request) => {
    requests.push(request)
    return (await readBody(request, LIMIT)).toString()
  })
  return { ...(await listen(handler)), requests }
}

const post = (headers: string, body = '') => `POST / HTTP/1.1\r\nHost: a\r\n${headers}\r\n${body}`
const chunk = (size: number) => `${size.toString(16)}\r\n${'x'.repeat(size)}\r\n`

describe('reads', () => {
  test.each([
    ['a body of known length', post('Connection: close\r\nContent-Length: 5\r\n', 'hello'), 'hello'],
    [
      'a body in chunks',
      post('Connection: close\r\nTransfer-Encoding: chunked\r\n', '2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n'),
      'hello',
    ],
    ['no body', post('Connection: close\r\n'), ''],
    [
      'a body as long as may be',
      post(`Connection: close\r\nContent-Length: ${LIMIT}\r\n`, 'x'.repeat(LIMIT)),
      'x'.repeat(LIMIT),
    ],
    [
      'an explicit identity coding',
      post('Connection: close\r\nContent-Encoding: Identity\r\nContent-Length: 2\r\n', 'hi'),
      'hi',
    ],
  ])('%s', async (_, bytes, body) => {
    await using api = await listenForBodies()
    expect(await exchange(api.port, bytes)).toMatchObject([{ status: 200, body }])
  })

  test('and leaves no listener behind, whatever comes of it', async () => {
    const left: number[] = []
    const own: number[] = []
    const count = (request: IncomingMessage) =>
      STREAM_EVENTS.reduce((sum, event) => sum + request.listenerCount(event), 0)
    const handler = plainApp(async (request) => {
      own.push(count(request))
      await readBody(request, LIMIT).catch(() => undefined)
      left.push(count(request))
      return ''
    })
    await using api = await listenPlainly(handler)
    await exchange(api.port, post('Connection: close\r\nContent-Length: 5\r\n', 'hello'))
    await exchange(api.port, post(`Connection: close\r\nContent-Length: ${LIMIT + 1}\r\n`))
    await exchange(
      api.port,
      post('Connection: close\r\nTransfer-Encoding: chunked\r\n', `${chunk(LIMIT + 1)}0\r\n\r\n`),
    )
    expect(left).toHaveLength(3)
    expect(left).toEqual(own)
  })
})

describe('INP-02! refuses', () => {
  test.each(['gzip', 'br', 'deflate', 'bogus', 'identity, gzip'])('Content-Encoding: %s', async (coding) => {
    await using api = await listenForBodies()
    const answers = await exchange(api.port, post(`Content-Encoding: ${coding}\r\nContent-Length: 2\r\n`, '{}'))
    expect(answers).toMatchObject([{ status: 415, headers: { 'accept-encoding': 'identity', connection: 'close' } }])
  })

  test('a gzip bomb, unopened', async () => {
    let wasRead: boolean | undefined
    const handler = plainApp((request) =>
      readBody(request, LIMIT)
        .then(String)
        .finally(() => (wasRead = request.readableDidRead)),
    )
    await using api = await listen(handler)
    const bomb = gzipSync(Buffer.alloc(50_000_000))
    const head = Buffer.from(post(`Content-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n`))
    expect(await exchange(api.port, Buffer.concat([head, bomb]))).toMatchObject([{ status: 415 }])
    expect(wasRead).toBe(false)
  })

  test('one byte too many before any is sent', async () => {
    await using api = await listenForBodies()
    const answers = await exchange(api.port, post(`Content-Length: ${LIMIT + 1}\r\n`))
    expect(answers).toMatchObject([{ status: 413, headers: { connection: 'close' } }])
    expect(JSON.parse(answers[0]!.body)).toMatchObject({ type: '/problems/payload-too-large' })
  })

  test('one byte too many in chunks', async () => {
    await using api = await listenForBodies()
    const bytes = post('Transfer-Encoding: chunked\r\n', `${chunk(LIMIT)}${chunk(1)}0\r\n\r\n`)
    expect(await exchange(api.port, bytes)).toMatchObject([{ status: 413, headers: { connection: 'close' } }])
  })

  test('and reads no further on its own account', async () => {
    let stopped: boolean | undefined
    const handler = plainApp((request) =>
      readBody(request, LIMIT)
        .then(String)
        .finally(() => (stopped = request.isPaused())),
    )
    await using api = await listen(handler)
    await exchange(api.port, post('Transfer-Encoding: chunked\r\n', chunk(LIMIT + 1)))
    expect(stopped).toBe(true)
  })

  test('an endless body: the client sees the answer while it sends, and then no more is taken', async () => {
    await using api = await listenForBodies()
    const connection = open(api.port)
    connection.socket.write(post('Transfer-Encoding: chunked\r\n'))
    const piece = chunk(16_000)
    function send(): void {
      while (connection.socket.writable && connection.socket.write(piece));
    }
    connection.socket.on('drain', send)
    send()
    await receive(connection, /payload-too-large/)
    await connection.closed
    expect(parseAnswers(connection.received())).toMatchObject([{ status: 413 }])
    expect(api.requests[0]!.readableLength).toBeLessThan(200_000)
    expect(api.requests[0]!.complete).toBe(false)
  })

  test('a long body of known length that is sent before the answer is read', async () => {
    await using api = await listenForBodies()
    const body = 'x'.repeat(5_000_000)
    const connection = open(api.port)
    connection.socket.pause()
    await new Promise((sent) => connection.socket.write(post(`Content-Length: ${body.length}\r\n`, body), sent))
    connection.socket.resume()
    await connection.closed
    expect(parseAnswers(connection.received())).toMatchObject([{ status: 413 }])
  })

  test('a body whose sender goes away', async () => {
    let settle: (reason: unknown) => void = () => undefined
    const failure = new Promise((resolve) => (settle = resolve))
    const handler = plainApp(async (request) => {
      await readBody(request, LIMIT).catch(settle)
      return ''
    })
    await using api = await listen(handler)
    const { socket } = open(api.port)
    socket.write(post('Content-Length: 10\r\n', 'half'), () => socket.resetAndDestroy())
    expect(await failure).toMatchObject({ type: 'malformed-request', status: 400 })
  })

  test('a request that is gone already', async () => {
    let settle: (reason: unknown) => void = () => undefined
    const failure = new Promise((resolve) => (settle = resolve))
    await using api = await listen((request) => {
      request.on('error', () => undefined)
      request.on('close', () => void readBody(request, LIMIT).catch(settle))
    })
    const { socket } = open(api.port)
    socket.write(post('Content-Length: 10\r\n', 'half'), () => socket.resetAndDestroy())
    expect(await failure).toMatchObject({ type: 'malformed-request' })
  })
})
