import { once } from 'node:events'
import { openSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTestDatabase, type TestDatabase } from './support/database.ts'
import { open, receive } from './support/rawHttp.ts'
import { until } from './support/redis.ts'
import { freePort, startService, type ServiceProcess } from './support/serviceProcess.ts'

const admin = { ADMIN_PASSWORD: 'harbour lights at five' }
const credentials = JSON.stringify({ identifier: 'admin', password: admin.ADMIN_PASSWORD })
const production = {
  ENVIRONMENT: 'production',
  HOST: '127.0.0.1',
  METRICS_HOST: '127.0.0.1',
  JWT_SECRET: 'Ww3kq9Zt1xJ8vN5bR2mL7pD4sG6hF0cYaEuTiOjKnBq',
  ARGON2_MEMORY_KIB: '19456',
  ARGON2_TIME_COST: '2',
}

describe('the life of a service', () => {
  let folder: string
  let database: TestDatabase
  let metricsPort: number
  const services: ServiceProcess[] = []
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'user-management-test-'))
    await chmod(folder, 0o711)
    database = await createTestDatabase()
  })
  afterAll(async () => {
    for (const { child } of services) child.kill('SIGKILL')
    await Promise.all(services.map(({ exited }) => exited))
    await database.drop()
    await rm(folder, { recursive: true })
  })

  async function start(env: Record<string, string> = {}, stdout: 'pipe' | number = 'pipe'): Promise<ServiceProcess> {
    metricsPort = await freePort()
    const own = { DATABASE_URL: database.url, DATA_DIR: join(folder, 'data'), METRICS_PORT: `${metricsPort}`, ...admin }
    const service = await startService(folder, { ENVIRONMENT: 'test', ...own, ...env }, stdout)
    services.push(service)
    return service
  }
  const metrics = () =>
    fetch(`http://127.0.0.1:${metricsPort}/metrics`, { headers: { connection: 'close' } }).then(
      (answer) => answer.text(),
      () => undefined,
    )

  /** A login whose body is not there yet, once the service has begun to read it. */
  async function beginLogin({ url }: ServiceProcess) {
    const connection = open(Number(new URL(url).port))
    const length = Buffer.byteLength(credentials)
    connection.socket.write(
      `POST /v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\nExpect: 100-continue\r\n\r\n`,
    )
    await receive(connection, /^HTTP\/1\.1 100 /)
    return connection
  }

  test('a metrics port in use is one sentence, and exit 1', async () => {
    const holder = createServer().listen(0, '127.0.0.1')
    await once(holder, 'listening')
    const { port } = holder.address() as { port: number }
    for (const ENVIRONMENT of ['test', 'development']) {
      const { exited, output } = await start({ ENVIRONMENT, METRICS_PORT: `${port}` })
      expect(await exited).toBe(1)
      expect(output()).toEqual({
        stdout: '',
        stderr: `Cannot listen on 127.0.0.1:${port}: another process uses it. Set METRICS_PORT or METRICS_HOST; METRICS_PORT=off does without metrics.\n`,
      })
    }
    holder.close()
  })

  test('the default port of the metrics in use is a warning: several services run side by side', async () => {
    const holder = createServer().on('error', () => undefined)
    // Another test may have it just now.
    await until(() => holder.listening || !holder.listen(9464, '127.0.0.1'))
    const service = await start({ ENVIRONMENT: 'development', METRICS_PORT: '' })
    await service.until(200)
    expect(service.output().stdout).toContain('another process uses it')
    service.child.kill('SIGTERM')
    expect(await service.exited).toBe(0)
    holder.close()
  })

  test('OPS-04! SIGTERM: first unready, still serving, each answer the last of its connection; metrics to the end', async () => {
    const service = await start(production)
    await service.until(200)
    service.child.kill('SIGTERM')
    const unready = await service.until(503)
    expect(await unready.json()).toMatchObject({ checks: { server: 'stopping', database: 'ok' } })
    expect(unready.headers.get('connection')).toBe('close')
    const served = await service.ask('/v1/auth/login', {
      ...{ method: 'POST', body: credentials, headers: { 'content-type': 'application/json' } },
    })
    expect(served?.status).toBe(200)
    const connection = await beginLogin(service)
    await until(async () => (await service.ask('/health')) === undefined)
    // The door is closed; what came through it is finished, and Prometheus sees it.
    expect(await metrics()).toContain('http_request_duration_seconds_count{operation="login",status="2xx"} 1')
    connection.socket.write(credentials)
    await connection.closed
    expect(connection.received()).toMatch(/\r\n\r\nHTTP\/1\.1 200 [^]*\r\nConnection: close\r\n/)
    expect(await service.exited).toBe(0)
    expect(service.output().stderr).toBe('')
  }, 60_000)

  test.each([
    ['an exception that nobody caught', 'SIGUSR2'],
    ['a rejection that nobody handled', 'SIGWINCH'],
  ] as const)(
    'OPS-06! LOG-02! %s is logged, what is under way is finished, and the exit is 1',
    async (_what, signal) => {
      const preloaded = join(import.meta.dirname, 'support', 'crash.cjs')
      const service = await start({ NODE_OPTIONS: `--require=${preloaded}` })
      await service.until(200)
      const connection = await beginLogin(service)
      service.child.kill(signal)
      service.child.kill(signal)
      await until(async () => (await service.ask('/health')) === undefined)
      connection.socket.write(credentials)
      await connection.closed
      expect(connection.received()).toMatch(/\r\n\r\nHTTP\/1\.1 200 /)
      expect(await service.exited).toBe(1)
      const { stdout, stderr } = service.output()
      expect(stdout).toMatch(/^\{"level":"fatal",.*"err":\{"type":"Error",.*crash\.cjs/m)
      expect(stdout + stderr).not.toContain('MARKER')
      expect(stderr).toBe('')
    },
    60_000,
  )

  test('LOG-05! FLT-42 a full disk under the log loses lines and nothing else, and the metrics say how many', async () => {
    const service = await start({}, openSync('/dev/full', 'w'))
    await service.until(200)
    for (let count = 0; count < 50; count += 1) expect((await service.ask('/health'))?.status).toBe(200)
    await until(async () => /^user_management_log_lines_dropped_total [1-9]/m.test((await metrics()) ?? ''))
    service.child.kill('SIGTERM')
    expect(await service.exited).toBe(0)
    expect(service.output().stderr).toBe('')
  }, 60_000)

  test('LOG-05! a reader of the log that has stopped holds up no request, and no end', async () => {
    const service = await start()
    await service.until(200)
    service.child.stdout!.pause()
    // More than a pipe holds.
    for (let batch = 0; batch < 60; batch += 1) {
      const asked = Array.from({ length: 50 }, () =>
        fetch(`${service.url}/health`).then((answer) => answer.arrayBuffer()),
      )
      await Promise.all(asked)
    }
    expect((await service.ask('/ready'))?.status).toBe(200)
    const gone = once(service.child, 'exit')
    service.child.kill('SIGTERM')
    expect(await gone).toEqual([0, null])
    service.child.stdout!.resume()
    // Whole lines up to where the reader stopped.
    await service.exited
    const lines = service.output().stdout.split('\n').slice(0, -1)
    expect(lines.length).toBeGreaterThan(100)
    for (const line of lines) expect(JSON.parse(line)).toHaveProperty('level')
  }, 60_000)

  test('LOG-05! a reader of the log that has gone is missed by nobody', async () => {
    const service = await start()
    await service.until(200)
    service.child.stdout!.destroy()
    for (let count = 0; count < 20; count += 1) expect((await service.ask('/health'))?.status).toBe(200)
    service.child.kill('SIGTERM')
    const [code] = (await once(service.child, 'exit')) as [number]
    expect(code).toBe(0)
  }, 60_000)
})
