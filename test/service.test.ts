import { once } from 'node:events'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTestDatabase, type TestDatabase } from './support/database.ts'
import { createGate } from './support/gate.ts'
import { open, receive } from './support/rawHttp.ts'
import { freePort, startService, type ServiceProcess } from './support/serviceProcess.ts'

const admin = { ADMIN_PASSWORD: 'harbour lights at five' }
const credentials = JSON.stringify({ identifier: 'admin', password: admin.ADMIN_PASSWORD })
const login = { method: 'POST', body: credentials, headers: { 'content-type': 'application/json' } }

describe('the service, as a process', () => {
  let folder: string
  let database: TestDatabase
  const services: ServiceProcess[] = []
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'user-management-test-'))
    // PostgreSQL's own user has to pass through.
    await chmod(folder, 0o711)
    database = await createTestDatabase()
  })
  afterAll(async () => {
    for (const { child } of services) child.kill('SIGKILL')
    await Promise.all(services.map(({ exited }) => exited))
    await database.drop()
    await rm(folder, { recursive: true })
  })

  async function start(env: Record<string, string>): Promise<ServiceProcess> {
    const service = await startService(folder, { ENVIRONMENT: 'test', ...env })
    services.push(service)
    return service
  }
  /** The exit code and all it wrote for people; log lines aside. */
  async function failure(env: Record<string, string>): Promise<{ code: number | null; said: string }> {
    const { exited, output } = await start(env)
    return { code: await exited, said: output().stderr }
  }

  test('CFG-01! a bad configuration exits with 78, names every fault and no value, and never listens', async () => {
    const port = await freePort()
    const bad = {
      PORT: String(port),
      JWT_SECRET: 'tooshort',
      LOG_LEVEL: 'loud',
      DATABASE_URL: 'mysql://root:hidden@x/y',
    }
    const service = await start({ ...bad, RATE_LIMIT_READS_PER_HOUR: '-1' })
    const seen: unknown[] = []
    const isGone = service.exited.then(() => true)
    while (!(await Promise.race([isGone, new Promise((resolve) => setTimeout(resolve, 20))]))) {
      seen.push(await service.ask('/health'))
    }
    expect(seen.filter((answer) => answer !== undefined)).toEqual([])
    expect(await service.exited).toBe(78)
    const { stdout, stderr } = service.output()
    expect(stdout).toBe('')
    expect(
      stderr
        .trim()
        .split('\n')
        .map((line) => /^ {2}[A-Z_]+/.exec(line)?.[0].trim()),
    ).toEqual([...[undefined, 'LOG_LEVEL', 'DATABASE_URL', 'JWT_SECRET', 'RATE_LIMIT_READS_PER_HOUR']])
    expect(stderr).not.toMatch(/tooshort|hidden|loud/)
  })

  test('a port in use is one sentence, and exit 1', async () => {
    const holder = createServer().listen(0, '127.0.0.1')
    await once(holder, 'listening')
    const { port } = holder.address() as { port: number }
    const { code, said } = await failure({ PORT: String(port), DATABASE_URL: database.url })
    expect(code).toBe(1)
    expect(said).toBe(`Cannot listen on 127.0.0.1:${port}: another process uses it. Set PORT or HOST.\n`)
    holder.close()
  })

  test('a DATA_DIR that cannot be written is one sentence, with a database of its own or without', async () => {
    await writeFile(join(folder, 'file'), '')
    for (const env of [{ DATABASE_URL: database.url }, {}]) {
      const { code, said } = await failure({ DATA_DIR: join(folder, 'file', 'data'), ...env })
      expect(code).toBe(1)
      expect(said).toMatch(/^[^\n]*DATA_DIR[^\n]*\.\n$/)
    }
  })

  test.each([
    ['wrong password', (url: URL) => (url.password = 'wrong')],
    ['user nobody knows', (url: URL) => (url.username = 'nobody_knows')],
    ['database that is not there', (url: URL) => (url.pathname = '/not_there')],
  ])('a %s is one sentence without the password, and exit 1', async (_what, damage) => {
    const url = new URL(database.url)
    damage(url)
    const { code, said } = await failure({ DATABASE_URL: url.href, DATA_DIR: join(folder, 'data') })
    expect(code).toBe(1)
    expect(said).toMatch(/^[^\n]+\.\n$/)
    expect(said).not.toContain(url.password)
    expect(said).not.toMatch(/ at |Error:/)
  })

  test('OPS-04! opens its door when it is ready, where the database answers', async () => {
    const service = await start({ DATABASE_URL: database.url, DATA_DIR: join(folder, 'data') })
    const first = await eventually(() => service.ask('/ready'))
    expect(first.status).toBe(200)
  }, 60_000)

  test('OPS-08! OPS-01! listens without its database, says that it is not ready, and serves once it is there', async () => {
    const gate = await createGate(database.url)
    const service = await start({ DATABASE_URL: gate.url, DATA_DIR: join(folder, 'data'), ...admin })
    const unready = await service.until(503)
    expect(unready.headers.get('retry-after')).toMatch(/^\d+$/)
    expect(await unready.json()).toEqual({
      status: 'unready',
      checks: { database: 'failing', migrations: 'pending', redis: 'unused', keys: 'ok', server: 'ok' },
    })
    expect((await service.ask('/health'))?.status).toBe(200)
    const refused = await service.ask('/v1/auth/login', login)
    expect(refused?.status).toBe(503)
    expect(refused?.headers.get('retry-after')).toMatch(/^\d+$/)
    expect(await refused?.json()).toMatchObject({ type: '/problems/unavailable' })
    await gate.open()
    await service.until(200)
    const answer = await eventually(() => service.ask('/v1/auth/login', login))
    expect(answer.status).toBe(200)
    service.child.kill('SIGTERM')
    expect(await service.exited).toBe(0)
    await gate.shut()
  }, 60_000)

  test('stopped while it waits for its database, it exits with 0', async () => {
    const gate = await createGate(database.url)
    const service = await start({ DATABASE_URL: gate.url, DATA_DIR: join(folder, 'data') })
    await service.until(503)
    service.child.kill('SIGTERM')
    expect(await service.exited).toBe(0)
    expect(service.output().stderr).toBe('')
  }, 60_000)

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
  const isRefusing = async ({ ask }: ServiceProcess) => ((await ask('/health')) === undefined ? true : undefined)

  test('OPS-04! OPS-05! SIGTERM finishes what is under way, then exits with 0', async () => {
    const service = await start({ DATABASE_URL: database.url, DATA_DIR: join(folder, 'data'), ...admin })
    await service.until(200)
    const connection = await beginLogin(service)
    service.child.kill('SIGTERM')
    await eventually(() => isRefusing(service))
    expect(service.child.exitCode).toBeNull()
    connection.socket.write(credentials)
    await connection.closed
    expect(connection.received()).toMatch(/\r\n\r\nHTTP\/1\.1 200 [^]*\r\nConnection: close\r\n/)
    expect(await service.exited).toBe(0)
  }, 60_000)

  test('OPS-04! a second SIGTERM ends it at once, with 1', async () => {
    const service = await start({ DATABASE_URL: database.url, DATA_DIR: join(folder, 'data') })
    await service.until(200)
    const { socket } = await beginLogin(service)
    service.child.kill('SIGTERM')
    await eventually(() => isRefusing(service))
    expect(service.child.exitCode).toBeNull()
    service.child.kill('SIGTERM')
    expect(await service.exited).toBe(1)
    socket.destroy()
  }, 60_000)
})

async function eventually<T>(attempt: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const result = await attempt()
    if (result !== undefined) return result
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
