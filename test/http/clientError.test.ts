import { once } from 'node:events'
import type { Socket } from 'node:net'
import type { Refusal } from '../../src/http/clientError.ts'
import { expectBareProblem, expectProblem, listenToAll, SMUGGLED, type ProblemDocument } from '../support/echoServer.ts'
import { plainApp } from '../support/plainApp.ts'
import { exchange, listen, open, parseAnswers, receive } from '../support/rawHttp.ts'

describe('HTP-09! framing that two readers might cut differently', () => {
  test.each([
    [
      'Content-Length and Transfer-Encoding',
      'Host: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['two Content-Lengths', 'Host: a\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\n'],
    ['a list of Content-Lengths', 'Host: a\r\nContent-Length: 0, 5\r\n\r\n'],
    ['a signed Content-Length', 'Host: a\r\nContent-Length: +5\r\n\r\n'],
    ['a hexadecimal Content-Length', 'Host: a\r\nContent-Length: 0x5\r\n\r\n'],
    ['an unknown transfer coding', 'Host: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n'],
    ['chunked that is not the last coding', 'Host: a\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n'],
    ['a coding before chunked', 'Host: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n'],
    ['lines that end in a bare LF', 'Host: a\nX: y\n\n'],
    ['one bare LF', 'Host: a\r\nX: y\nZ: z\r\n\r\n'],
    ['a bare CR', 'Host: a\r\nX: y\rZ: z\r\n\r\n'],
    ['a folded line', 'Host: a\r\nX: y\r\n z\r\n\r\n'],
    ['a space before the colon', 'Host : a\r\n\r\n'],
    ['a space before the first name', ' Host: a\r\n\r\n'],
    ['0x01 in a value', 'Host: a\r\nX: a\x01b\r\n\r\n'],
    ['NUL in a value', 'Host: a\r\nX: a\0b\r\n\r\n'],
    ['a chunk size that is no number', 'Host: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nabc\r\n0\r\n\r\n'],
    ['a chunk longer than its size', 'Host: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcdef\r\n0\r\n\r\n'],
    ['a chunk size line with a bare LF', 'Host: a\r\nTransfer-Encoding: chunked\r\n\r\n3\nabc\r\n0\r\n\r\n'],
  ])('%s: 400, closed, and what follows is not run', async (_, rest) => {
    await using api = await listenToAll()
    const answers = await exchange(api.port, `POST /v1 HTTP/1.1\r\n${rest}${SMUGGLED}`)
    expect(answers).toHaveLength(1)
    expectProblem(answers[0], 400, 'malformed-request')
    expect(api.seen).not.toContain('GET /smuggled')
  })

  test.each([
    ['a space in the target', 'GET /a b HTTP/1.1\r\n'],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
    ['an unknown method', 'FOO / HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['a method in lower case', 'get / HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['a control character in the target', 'GET /a\x01 HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['a version from the future', 'GET / HTTP/1.7\r\nHost: a\r\n\r\n'],
  ])('%s is answered with a whole problem document', async (_, bytes) => {
    await using api = await listenToAll()
    const answers = await exchange(api.port, bytes)
    expect(answers).toHaveLength(1)
    expectBareProblem(answers[0], 400, 'malformed-request')
  })
})

describe('HTP-11! refusals below the framework', () => {
  test('are reported with the id the client is given, and without what it sent', async () => {
    await using api = await listenToAll()
    const [answer] = await exchange(api.port, 'GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer s3cret\x01\r\n\r\n')
    const { request_id } = JSON.parse(answer!.body) as ProblemDocument
    expect(api.refusals).toEqual([
      {
        type: 'malformed-request',
        status: 400,
        code: 'HPE_INVALID_HEADER_TOKEN',
        requestId: request_id,
        ip: '127.0.0.1',
      },
    ])
    expect(JSON.parse(answer!.body)).toMatchObject({ instance: `urn:uuid:${request_id}` })
  })

  test('wait for the answers to earlier requests on the same connection', async () => {
    let release = () => {}
    const released = new Promise<void>((resolve) => (release = resolve))
    const handler = plainApp(async (request) => {
      await released
      return request.url!
    })
    await using api = await listen(handler, { onRefused: () => setImmediate(release) })
    const answers = await exchange(
      api.port,
      'GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\nnonsense\r\n\r\n',
    )
    expect(answers.map(({ status, body }) => (status === 200 ? body : status))).toEqual(['/a', '/b', 400])
  })

  test('never run into an answer that was already given', async () => {
    await using api = await listen(plainApp(() => 'early'))
    const connection = open(api.port)
    connection.socket.write('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n')
    await receive(connection, /early/)
    connection.socket.write('nonsense\r\n')
    await connection.closed
    expect(parseAnswers(connection.received())).toHaveLength(1)
  })

  test('are reported once, however much nonsense follows', async () => {
    let release = () => {}
    const released = new Promise<string>((resolve) => (release = () => resolve('done')))
    const refusals: Refusal[] = []
    await using api = await listen(
      plainApp(() => released),
      { onRefused: (refusal) => refusals.push(refusal) },
    )
    const connection = open(api.port)
    const accepted = once(api.server, 'connection') as Promise<[Socket]>
    connection.socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\nnonsense\r\n\r\n')
    const [socket] = await accepted
    while (refusals.length === 0) await new Promise((resolve) => setImmediate(resolve))
    const before = socket.bytesRead
    connection.socket.write('nonsense\r\n\r\n')
    while (socket.bytesRead === before) await new Promise((resolve) => setImmediate(resolve))
    release()
    await connection.closed
    expect(refusals).toHaveLength(1)
    expect(parseAnswers(connection.received()).map(({ status }) => status)).toEqual([200, 400])
  })

  test('a connection that only breaks is not reported', async () => {
    await using api = await listenToAll()
    const { socket, closed } = open(api.port)
    socket.write('GET / HT', () => socket.resetAndDestroy())
    await closed
    expect(await exchange(api.port, 'GET / HTTP/1.0\r\n\r\n')).toHaveLength(1)
    expect(api.refusals).toEqual([])
  })
})
