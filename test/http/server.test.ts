import { once } from 'node:events'
import type { Socket } from 'node:net'
import { readBody } from '../../src/http/readBody.ts'
import { expectBareProblem, expectProblem, listenToAll, SMUGGLED } from '../support/echoServer.ts'
import { plainApp } from '../support/plainApp.ts'
import { exchange, listen, open, parseAnswers, receive } from '../support/rawHttp.ts'

describe('HTP-12! sizes', () => {
  const get = (target: string, headers: string) =>
    `GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${headers}\r\n`

  test('a header of 20 KB is 431', async () => {
    await using api = await listenToAll()
    expectBareProblem((await exchange(api.port, get('/', `X: ${'x'.repeat(20_000)}\r\n`)))[0], 431, 'headers-too-large')
    expect(api.refusals).toHaveLength(1)
  })

  test('15 KB are accepted', async () => {
    await using api = await listenToAll()
    expect((await exchange(api.port, get('/', `X: ${'x'.repeat(15_000)}\r\n`)))[0]?.status).toBe(200)
  })

  test.each([101, 200, 3000])('%i fields are 431', async (count) => {
    await using api = await listenToAll()
    expectProblem((await exchange(api.port, get('/', 'a:\r\n'.repeat(count))))[0], 431, 'headers-too-large')
    expect(api.seen).toEqual([])
  })

  test('a target over 8 KiB is 414, also where the parser gives up on it', async () => {
    await using api = await listenToAll()
    expectProblem((await exchange(api.port, get(`/${'a'.repeat(9000)}`, '')))[0], 414, 'uri-too-long')
    expectBareProblem((await exchange(api.port, get(`/${'a'.repeat(30_000)}`, '')))[0], 414, 'uri-too-long')
  })
})

describe('HTP-10! Host and Authorization', () => {
  test.each([
    ['two Hosts', 'Host: a\r\nHost: b\r\n'],
    ['the same Host twice', 'Host: a\r\nHost: a\r\n'],
    ['no Host', ''],
    ['an empty Host', 'Host:\r\n'],
    ['Host: a b/c?', 'Host: a b/c?\r\n'],
    ['two Authorizations', 'Host: a\r\nAuthorization: Bearer a\r\nAuthorization: Bearer b\r\n'],
  ])('%s: 400 and closed', async (_, headers) => {
    await using api = await listenToAll()
    const answers = await exchange(api.port, `GET / HTTP/1.1\r\n${headers}\r\n${SMUGGLED}`)
    expectProblem(answers[0], 400, 'malformed-request')
    expect(answers).toHaveLength(1)
    expect(api.seen).toEqual([])
  })
})

describe('methods and expectations', () => {
  test('HTP-03! CONNECT is refused', async () => {
    await using api = await listenToAll()
    const [answer] = await exchange(api.port, 'CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\nhello')
    expectBareProblem(answer, 405, 'method-not-allowed')
    expect(answer!.headers.allow).toContain('GET')
    expect(api.refusals).toMatchObject([{ code: 'connect', status: 405 }])
  })

  test('an offer to upgrade is ignored', async () => {
    await using api = await listenToAll()
    const headers = 'Connection: Upgrade, close\r\nUpgrade: websocket\r\n'
    const answers = await exchange(api.port, `GET /v1 HTTP/1.1\r\nHost: a\r\n${headers}\r\n`)
    expect(answers.map(({ status }) => status)).toEqual([200])
  })

  test('an absolute target is nothing this server has', async () => {
    await using api = await listenToAll()
    const [answer] = await exchange(api.port, 'GET http://a/v1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    expectProblem(answer, 404, 'not-found')
  })

  test('an unknown expectation is 417 and reported', async () => {
    await using api = await listenToAll()
    const bytes =
      'POST /v1?token=x HTTP/1.1\r\nHost: a\r\nX-Request-Id: mine\r\nExpect: 200-maybe\r\nContent-Length: 5\r\n\r\n'
    const [answer] = await exchange(api.port, bytes)
    expect(expectProblem(answer, 417, 'expectation-failed')).toMatchObject({ instance: '/v1', request_id: 'mine' })
    expect(answer!.headers).toMatchObject({ 'x-request-id': 'mine', 'x-content-type-options': 'nosniff' })
    expect(api.refusals).toMatchObject([{ type: 'expectation-failed', requestId: 'mine' }])
    expect(api.seen).toEqual([])
  })

  test('100 Continue is sent when the body is wanted, and not for a body that is refused', async () => {
    await using api = await listenToAll()
    const post = (length: number) =>
      `POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: ${length}\r\n\r\n`
    const connection = open(api.port)
    connection.socket.write(post(5))
    expect(await receive(connection, /\r\n\r\n/)).toBe('HTTP/1.1 100 Continue\r\n\r\n')
    connection.socket.write('hello')
    await receive(connection, /hello/)
    connection.socket.write(post(5000))
    await connection.closed
    expect(parseAnswers(connection.received()).map(({ status }) => status)).toEqual([100, 200, 413])
  })

  test('100 Continue never runs into an answer that has begun', async () => {
    await using api = await listen((request, response) => {
      response.writeHead(200, { 'Content-Length': 5 }).write('early')
      request.resume().on('end', () => response.end())
    })
    const connection = open(api.port)
    connection.socket.write('POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n')
    await receive(connection, /early/)
    connection.socket.write('hi')
    await connection.closed
    expect(parseAnswers(connection.received())).toMatchObject([{ status: 200, body: 'early' }])
  })
})

describe('many requests on one connection', () => {
  test('1000 sent at once are answered in order', async () => {
    await using api = await listenToAll()
    const paths = Array.from({ length: 1000 }, (_, index) => `/${index}`)
    const requests = paths.map((path) => `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody`)
    const last = 'GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'
    const answers = await exchange(api.port, requests.join('') + last)
    expect(answers.map(({ body }) => body.trim())).toEqual([...paths.map((path) => `POST ${path} body`), 'GET /last'])
  })

  test('a body that nobody reads does not spill into the next request', async () => {
    await using api = await listen(plainApp((request) => request.url!))
    const bytes =
      'GET /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n{bad}GET /b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'
    expect((await exchange(api.port, bytes)).map(({ body }) => body)).toEqual(['/a', '/b'])
  })
})

describe('HTP-13! slow clients', () => {
  const hasty = { headersTimeout: 150, requestTimeout: 300, connectionsCheckingInterval: 50 }

  test('headers that do not end are 408', async () => {
    await using api = await listenToAll(hasty)
    const [answer] = await exchange(api.port, 'GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ')
    expectBareProblem(answer, 408, 'request-timeout')
    expect(api.refusals).toMatchObject([{ type: 'request-timeout', code: 'ERR_HTTP_REQUEST_TIMEOUT' }])
  })

  test('a body that trickles is 408, and the handler learns of it', async () => {
    let settle: (reason: unknown) => void = () => undefined
    const failure = new Promise((resolve) => (settle = resolve))
    const handler = plainApp(async (request) => {
      await readBody(request, 1000).catch(settle)
      return ''
    })
    await using api = await listen(handler, hasty)
    const connection = open(api.port)
    connection.socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\n')
    const trickle = setInterval(() => connection.socket.write('x'), 20)
    await connection.closed
    clearInterval(trickle)
    expectBareProblem(parseAnswers(connection.received())[0], 408, 'request-timeout')
    expect(await failure).toMatchObject({ type: 'malformed-request' })
  })

  test('a connection on which nothing is said is closed without a word', async () => {
    await using api = await listenToAll(hasty)
    expect(await exchange(api.port, '')).toEqual([])
    expect(api.refusals).toEqual([])
  })

  test('a client that does not read its answer is cut off', async () => {
    await using api = await listen(
      plainApp(() => 'x'.repeat(30_000_000)),
      { stallTimeout: 200 },
    )
    const { socket, received, closed } = open(api.port)
    socket.pause()
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    const [accepted] = (await once(api.server, 'connection')) as [Socket]
    await once(accepted, 'close')
    socket.resume()
    await closed
    expect(received().length).toBeLessThan(30_000_000)
  })

  test('connections beyond the most allowed are closed', async () => {
    await using api = await listenToAll({ maxConnections: 1 })
    const first = open(api.port)
    await once(first.socket, 'connect')
    expect(await exchange(api.port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n')).toEqual([])
    first.socket.end('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    await first.closed
    expect(parseAnswers(first.received())[0]?.status).toBe(200)
  })
})
