import { once } from 'node:events'
import type { RequestListener, ServerResponse } from 'node:http'
import { setTimeout as later } from 'node:timers/promises'
import { openConnections } from '../../src/http/connections.ts'
import { closeAfterAnswers, drain } from '../../src/http/drain.ts'
import { exchange, listen, open, parseAnswers, receive } from '../support/rawHttp.ts'
import { spin } from '../support/spin.ts'

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
const NEVER_REACHED = 60_000

/** Hands over each response, to be answered when the test wants it. */
function held(): { handler: RequestListener; next: () => Promise<ServerResponse> } {
  const waiting: ServerResponse[] = []
  let arrived: (() => void) | undefined
  return {
    handler: (_request, response) => {
      waiting.push(response)
      arrived?.()
    },
    next: async () => {
      if (waiting.length === 0) await new Promise<void>((resolve) => (arrived = resolve))
      return waiting.shift()!
    },
  }
}

test('a request in flight is finished, and its answer is the last of its connection', async () => {
  const { handler, next } = held()
  await using api = await listen(handler)
  const connection = open(api.port)
  connection.socket.write(GET)
  const response = await next()
  const drained = drain(api.server, NEVER_REACHED)
  response.end('done')
  expect(await drained).toBe(true)
  await connection.closed
  expect(parseAnswers(connection.received())).toMatchObject([
    { status: 200, headers: { connection: 'close' }, body: 'done' },
  ])
})

test('a request that comes on a busy connection meanwhile is answered no more', async () => {
  const { handler, next } = held()
  await using api = await listen(handler)
  const connection = open(api.port)
  connection.socket.write(GET)
  const response = await next()
  const drained = drain(api.server, NEVER_REACHED)
  connection.socket.write(GET)
  response.end('done')
  expect(await drained).toBe(true)
  await connection.closed
  expect(parseAnswers(connection.received())).toHaveLength(1)
})

test('an answer that had promised to keep its connection is finished, and the connection then closed', async () => {
  const { handler, next } = held()
  await using api = await listen(handler)
  const connection = open(api.port)
  connection.socket.write(GET)
  const response = await next()
  response.writeHead(200, { 'Content-Length': 8 }).write('half')
  await receive(connection, /half/)
  const drained = drain(api.server, NEVER_REACHED)
  response.end('full')
  expect(await drained).toBe(true)
  await connection.closed
  expect(parseAnswers(connection.received())).toMatchObject([
    { headers: { connection: 'keep-alive' }, body: 'halffull' },
  ])
})

test('connections that are idle, new or used, are closed, and no more are accepted', async () => {
  await using api = await listen((_request, response) => response.end('ok'))
  const used = open(api.port)
  used.socket.write(GET)
  await receive(used, /ok/)
  const fresh = open(api.port)
  await once(api.server, 'connection')
  expect(await drain(api.server, NEVER_REACHED)).toBe(true)
  await Promise.all([used.closed, fresh.closed])
  expect(await exchange(api.port, GET)).toEqual([])
})

test('what is not finished by the deadline is cut off', async () => {
  const { handler, next } = held()
  await using api = await listen(handler)
  const connection = open(api.port)
  connection.socket.write(GET)
  await next()
  expect(await drain(api.server, 50)).toBe(false)
  await connection.closed
  expect(connection.received()).toBe('')
})

test('before it, answers can already ask clients to leave while new ones are still served', async () => {
  await using api = await listen((_request, response) => response.end('ok'))
  closeAfterAnswers(api.server)
  closeAfterAnswers(api.server)
  const expected = [{ status: 200, headers: { connection: 'close' } }]
  expect(await exchange(api.port, GET)).toMatchObject(expected)
  expect(await exchange(api.port, GET.replace('\r\n\r\n', '\r\nExpect: 100-continue\r\n\r\n'))).toMatchObject(expected)
})

test('the rest of a header is waited for a second, not until the deadline', async () => {
  await using api = await listen((_request, response) => response.end('ok'))
  const [slow, silent] = [open(api.port), open(api.port)]
  slow.socket.write(GET.slice(0, 10))
  silent.socket.write(GET.slice(0, 10))
  while ([...openConnections(api.server).keys()].filter(({ bytesRead }) => bytesRead === 10).length < 2) await later(5)
  const drained = drain(api.server, NEVER_REACHED)
  await later(100)
  slow.socket.write(GET.slice(10))
  expect(await drained).toBe(true)
  await Promise.all([slow.closed, silent.closed])
  expect([parseAnswers(slow.received()), silent.received()]).toMatchObject([[{ status: 200 }], ''])
})

test('the wait for a lull counts towards the deadline', async () => {
  const { handler, next } = held()
  await using api = await listen(handler)
  const connection = open(api.port)
  connection.socket.write(GET)
  const response = await next()
  let isBusy = true
  const keepBusy = () => {
    spin(1)
    if (isBusy) setImmediate(keepBusy)
  }
  keepBusy()
  // After the deadline, and before what the deadline would be if it began with the end of the wait.
  const late = setTimeout(() => response.end('late'), 2700)
  expect(await drain(api.server, 2200)).toBe(false)
  isBusy = false
  clearTimeout(late)
  await connection.closed
  expect(connection.received()).toBe('')
})
