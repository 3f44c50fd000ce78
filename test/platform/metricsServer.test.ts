import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createMetrics } from '../../src/platform/metrics.ts'
import { createMetricsServer } from '../../src/platform/metricsServer.ts'
import { startApi } from '../support/api.ts'

describe('the metrics, over HTTP', () => {
  let server: Server
  const metrics = createMetrics('1.2.3')
  const ask = (path: string, method = 'GET') =>
    fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, { method })
  beforeAll(async () => {
    server = createMetricsServer(metrics).listen(0, '127.0.0.1')
    await once(server, 'listening')
  })
  afterAll(() => void server.close())

  test('are what Prometheus reads', async () => {
    const answer = await ask('/metrics')
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(await answer.text()).toMatch(/^user_management_build_info\{version="1\.2\.3",node="[\d.]+"\} 1$/m)
    expect((await ask('/metrics', 'HEAD')).status).toBe(200)
  })

  test('are the only thing there', async () => {
    expect((await ask('/')).status).toBe(404)
    expect((await ask('/v1/users')).status).toBe(404)
    const refused = await ask('/metrics', 'POST')
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
  })

  test('a number that cannot be read is an error of the scrape and of nothing else', async () => {
    const broken = createMetrics('1.2.3')
    broken.watch('broken', 'Fails.', () => {
      throw new Error('a secret of the part')
    })
    const other = createMetricsServer(broken).listen(0, '127.0.0.1')
    await once(other, 'listening')
    const answer = await fetch(`http://127.0.0.1:${(other.address() as AddressInfo).port}/metrics`)
    expect([answer.status, await answer.text()]).toEqual([500, ''])
    other.close()
  })

  test('ABU-113 are nowhere on the port of the public', async () => {
    const api = await startApi({ env: { METRICS_PORT: '0' } })
    for (const path of ['/metrics', '/v1/../metrics', '/v1/metrics', '/debug', '/.env', '/.git/HEAD']) {
      const answer = await api.send('GET', path)
      expect([path, answer.status, answer.body]).toEqual([
        path,
        404,
        expect.objectContaining({ type: '/problems/not-found' }),
      ])
    }
    await api.close()
  })
})
