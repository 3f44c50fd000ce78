import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createApp } from '../../src/app.ts'
import type { Refusal } from '../../src/http/clientError.ts'
import { createHttpServer } from '../../src/http/server.ts'
import { shed } from '../../src/http/shed.ts'
import { createOverload, type Overload } from '../../src/platform/overload.ts'
import { startApi, type Api } from '../support/api.ts'
import { checkAnswer } from '../support/checkAnswer.ts'
import { signInAs } from '../support/people.ts'
import { until } from '../support/redis.ts'

describe('OPS-09 FLT-18 a service with more to do than it can', () => {
  let api: Api
  let server: Server
  let overload: Overload
  let url: string
  let token: string
  const refusals: Refusal[] = []
  const changes: boolean[] = []
  beforeAll(async () => {
    api = await startApi()
    token = (await signInAs(api, 'user')).token
    overload = createOverload({ onChange: (isOverloaded) => changes.push(isOverloaded) })
    const handler = shed(createApp(api.context), overload, {
      corsOrigins: ['https://good.example'],
      onRefused: (refusal) => refusals.push(refusal),
    })
    server = createHttpServer(handler).listen(0, '127.0.0.1')
    await once(server, 'listening')
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    overload.start()
  })
  afterAll(async () => {
    isBusy = false
    overload.stop()
    server.closeAllConnections()
    server.close()
    await api.close()
  })

  let isBusy = false
  /** Keeps the event loop for 300 ms in each of its turns, as too many requests would. */
  function keepBusy(): void {
    const end = performance.now() + 300
    while (performance.now() < end);
    if (isBusy) setTimeout(keepBusy, 1)
  }
  const ask = (path: string, options: RequestInit = {}) =>
    fetch(url + path, {
      ...options,
      headers: { authorization: `Bearer ${token}`, 'x-request-id': 'shed', ...options.headers },
    })

  test('turns requests away before work is done for them, but says that it is alive', async () => {
    expect((await ask('/v1/auth/me')).status).toBe(200)
    isBusy = true
    keepBusy()
    await until(() => overload.isOverloaded())
    const answer = await ask('/v1/auth/me')
    const { headers } = answer
    const body: unknown = await answer.json()
    checkAnswer('GET', '/v1/auth/me', {
      ...{
        status: answer.status,
        headers: Object.fromEntries(headers),
        text: JSON.stringify(body),
        body: body as never,
      },
    })
    expect(answer.status).toBe(503)
    expect(headers.get('retry-after')).toBe('1')
    expect(headers.get('connection')).toBe('keep-alive')
    expect(headers.get('vary')).toBe('Origin')
    const askedByPage = await ask('/v1/auth/me', { headers: { origin: 'https://good.example' } })
    expect([askedByPage.status, askedByPage.headers.get('access-control-allow-origin')]).toEqual([
      503,
      'https://good.example',
    ])
    expect(body).toMatchObject({ type: '/problems/unavailable', instance: '/v1/auth/me', request_id: 'shed' })
    expect(refusals.at(-1)).toMatchObject({ code: 'overload', status: 503, requestId: 'shed' })
    expect((await ask('/health')).status).toBe(200)
    expect((await ask('/ready?x')).status).toBe(400)

    const written = await ask('/v1/auth/login', { method: 'POST', body: '{}' })
    expect([written.status, written.headers.get('connection')]).toEqual([503, 'close'])
    expect(api.log.filter(({ request_id: id, operation }) => id === 'shed' && operation === 'login')).toEqual([])
    expect(changes).toEqual([true])
  })

  test('accepts again as soon as it can', async () => {
    isBusy = false
    await until(() => !overload.isOverloaded())
    expect((await ask('/v1/auth/me')).status).toBe(200)
    await until(() => changes.length === 2)
    expect(changes).toEqual([true, false])
  })

  test('is not put out by one long turn', async () => {
    const seen: boolean[] = []
    const end = performance.now() + 1500
    while (performance.now() < end);
    for (let look = 0; look < 10; look += 1) {
      await new Promise((resolve) => setTimeout(resolve, 20))
      seen.push(overload.isOverloaded())
    }
    expect(seen).not.toContain(true)
  })
})
