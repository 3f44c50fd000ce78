import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import dashboard from '../../deploy/grafana/dashboard.json' with { type: 'json' }
import { read } from '../architecture/sources.ts'
import { scratchFolder, startScratchServer, type ScratchServer } from '../db/scratchServer.ts'
import { freezable, type FreezableServer } from '../support/frozenServer.ts'
import { describeWithPrometheus, startPrometheus, type Prometheus } from '../support/prometheus.ts'
import { open } from '../support/rawHttp.ts'
import { until } from '../support/redis.ts'
import { freePort, startService, type ServiceProcess } from '../support/serviceProcess.ts'

const password = 'harbour lights at five'
const json = { 'content-type': 'application/json' }

/** The rules as they are, only quicker: no test waits for minutes. */
const rules = read('deploy/prometheus/rules.yml')
  .replace(/for: \w+/g, 'for: 1s')
  .replace(/\[\d+m\]/g, '[10s]')
const queries = dashboard.panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => [title, expr] as const))

interface Alert {
  state: string
  labels: Record<string, string>
}

describeWithPrometheus('a real Prometheus beside the service', () => {
  let server: ScratchServer
  let postgres: FreezableServer
  let service: ServiceProcess
  let prometheus: Prometheus
  let isOver = false
  let traffic: Promise<void>
  beforeAll(async () => {
    server = await startScratchServer()
    const folder = await scratchFolder()
    const metricsPort = await freePort()
    const databaseUrl = await server.createDatabase('watched')
    postgres = await freezable(databaseUrl)
    service = await startService(folder, {
      ...{ ENVIRONMENT: 'test', DATABASE_URL: databaseUrl, METRICS_PORT: `${metricsPort}`, ADMIN_PASSWORD: password },
      ...{ RATE_LIMIT_READS_PER_HOUR: '100000', RATE_LIMIT_AUTH_PER_MINUTE: '10000' },
    })
    const targets = `[{ job_name: user-management-api, static_configs: [{ targets: ['127.0.0.1:${metricsPort}'] }] }]`
    const config = `{ global: { scrape_interval: 1s, evaluation_interval: 1s }, rule_files: [rules.yml], scrape_configs: ${targets} }`
    await writeFile(join(folder, 'rules.yml'), rules)
    await writeFile(join(folder, 'prometheus.yml'), config)
    prometheus = await startPrometheus(join(folder, 'prometheus.yml'), join(folder, 'data-of-prometheus'))
    await service.until(200)
    traffic = keepAsking()
  }, 90_000)
  afterAll(async () => {
    isOver = true
    postgres.thaw()
    await traffic
    await prometheus.stop()
    service.child.kill('SIGKILL')
    await service.exited
    await server.stop()
  })

  /** A little of everything, again and again. */
  async function keepAsking(): Promise<void> {
    while (!isOver) {
      const logIn = (typed: string) =>
        service.ask('/v1/auth/login', {
          ...{ method: 'POST', headers: json, body: JSON.stringify({ identifier: 'admin', password: typed }) },
        })
      const answer = await logIn(password)
      const { access_token: token } = (answer?.ok ? await answer.json() : {}) as { access_token?: string }
      const headers = { authorization: `Bearer ${token}` }
      await Promise.all([
        logIn('wrong'),
        ...['/v1/auth/me', '/v1/users', '/nowhere'].map((path) => service.ask(path, { headers })),
      ])
      const malformed = open(Number(new URL(service.url).port))
      malformed.socket.end('NONSENSE\r\n\r\n')
      await malformed.closed
      await sleep(200)
    }
  }

  const valuesOf = async (query: string): Promise<number[]> => {
    const data = await prometheus.get(`query?query=${encodeURIComponent(query)}`)
    const { result = [] } = (data ?? {}) as { result?: { value: [number, string] }[] }
    return result.map(({ value }) => Number(value[1])).filter((value) => !Number.isNaN(value))
  }
  const stateOf = async (alert: string): Promise<string | undefined> => {
    const { alerts = [] } = ((await prometheus.get('alerts')) ?? {}) as { alerts?: Alert[] }
    return alerts.find(({ labels }) => labels.alertname === alert)?.state
  }

  test.each(queries)(
    'the dashboard shows %s: %s',
    async (_title, query) => {
      await until(async () => (await valuesOf(query.replaceAll('$__rate_interval', '10s'))).length > 0)
    },
    40_000,
  )

  test('every series that a rule asks for is there', async () => {
    const own = new Set(
      read('deploy/prometheus/rules.yml').match(/\b(?:http|user_management)_[a-z_]+[a-z](?=[{)[\s])/g),
    )
    expect(own.size).toBeGreaterThan(10)
    for (const name of own) expect([name, await valuesOf(`count(${name})`)]).toEqual([name, [expect.any(Number)]])
  })

  test('OBS-02! OBS-03 FLT-01 an alert fires when PostgreSQL stops, and clears when it goes on', async () => {
    await until(async () => (await stateOf('Watchdog')) === 'firing')
    expect(await stateOf('DatabaseDown')).toBeUndefined()
    postgres.freeze()
    await until(async () => (await stateOf('DatabaseDown')) === 'firing')
    await until(async () => (await stateOf('ErrorRateHigh')) === 'firing')
    postgres.thaw()
    await until(async () => (await stateOf('DatabaseDown')) === undefined)
    await until(async () => (await stateOf('ErrorRateHigh')) === undefined)
  }, 90_000)

  test('OBS-02! an alert fires when the service is gone', async () => {
    isOver = true
    await traffic
    service.child.kill('SIGTERM')
    expect(await service.exited).toBe(0)
    await until(
      async () => (await stateOf('InstanceDown')) === 'firing' && (await stateOf('ServiceAbsent')) === 'firing',
    )
  }, 60_000)
})
