import { once } from 'node:events'
import { setTimeout as later } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { closeAfterAnswers, drain } from '../../src/http/drain.ts'
import { exchange, listen, open, receive } from '../support/rawHttp.ts'
import { spin } from '../support/spin.ts'

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
const NEVER_REACHED = 60_000

/** Somebody who calls while this thread is blocked. */
function startCaller(port: number, { isKept = false } = {}): { caller: Worker; call: () => void } {
  const sent = new Int32Array(new SharedArrayBuffer(4))
  const workerData = { port, sent, isKept }
  const caller = new Worker(new URL('../support/caller.cjs', import.meta.url), { workerData })
  const call = (): void => {
    caller.postMessage('call')
    expect(Atomics.wait(sent, 0, 0, 10_000)).not.toBe('timed-out')
  }
  return { caller, call }
}

test('OPS-04! a connection that was just accepted has its request answered', async () => {
  await using api = await listen((_request, response) => response.end('ok'))
  const drained = new Promise((resolve) => {
    api.server.once('connection', () => resolve(drain(api.server, NEVER_REACHED)))
  })
  expect(await exchange(api.port, GET)).toMatchObject([{ status: 200, body: 'ok' }])
  expect(await drained).toBe(true)
})

test.each(['a timer', 'an answer of the network'])(
  'OPS-04! a connection that is still to be accepted has its request answered, when it stops in %s',
  async (place) => {
    await using api = await listen((_request, response) => response.end('ok'))
    const { caller, call } = startCaller(api.port)
    await once(caller, 'online')
    const answers = once(caller, 'message')
    const other = open(api.port)
    other.socket.write(GET)
    await receive(other, /ok/)
    if (place === 'a timer') await later(1)
    // Meanwhile it connects and sends its request, and nobody accepts.
    call()
    expect(await drain(api.server, NEVER_REACHED)).toBe(true)
    expect(await answers).toEqual([expect.stringMatching(/^HTTP\/1\.1 200 /)])
  },
)

test('OPS-04! a request that is still to be read on a connection that was kept is answered', async () => {
  await using api = await listen((_request, response) => response.end('ok'))
  const { caller, call } = startCaller(api.port, { isKept: true })
  await once(caller, 'message')
  const answers = once(caller, 'message')
  await later(1)
  call()
  expect(await drain(api.server, NEVER_REACHED)).toBe(true)
  expect(await answers).toEqual([expect.stringMatching(/^HTTP\/1\.1 200 /)])
})

test('OPS-04! a server that is busy without a pause answers everybody who was let in', async () => {
  let answered = 0
  await using api = await listen((_request, response) => {
    spin(1)
    answered += 1
    response.end('ok')
  })
  closeAfterAnswers(api.server)
  const callers = new Worker(new URL('../support/callers.cjs', import.meta.url), {
    workerData: { port: api.port, callers: 100 },
  })
  const told = once(callers, 'message')
  while (answered < 300) await later(10)
  expect(await drain(api.server, NEVER_REACHED)).toBe(true)
  expect(await told).toEqual([{ answers: answered, failures: [] }])
})
