import { setTimeout as sleep } from 'node:timers/promises'
import { scratchFolder, startScratchServer, type ScratchServer } from '../db/scratchServer.ts'
import { query } from '../support/database.ts'
import { freezable, type FreezableServer } from '../support/frozenServer.ts'
import { describeWithOwnRedis, startRedis, until, type TestRedis } from '../support/redis.ts'
import { startService, type ServiceProcess } from '../support/serviceProcess.ts'

const password = 'harbour lights at five'
/** How long each fault lasts. */
const seconds = Number(process.env.FAULT_SECONDS ?? 6)
const timeout = 60_000 + seconds * 2000

interface Answer {
  path: string
  status: number | undefined
  took: number
}

describeWithOwnRedis('a service whose servers are frozen for real', () => {
  let redis: TestRedis
  let server: ScratchServer
  let postgres: FreezableServer
  let databaseUrl: string
  let service: ServiceProcess
  let token: string
  beforeAll(async () => {
    redis = await startRedis()
    server = await startScratchServer()
    databaseUrl = await server.createDatabase('frozen')
    postgres = await freezable(databaseUrl)
    service = await startService(await scratchFolder(), {
      ...{ ENVIRONMENT: 'test', DATABASE_URL: databaseUrl, REDIS_URL: redis.url, ADMIN_PASSWORD: password },
      ...{ RATE_LIMIT_READS_PER_HOUR: '0', RATE_LIMIT_AUTH_PER_MINUTE: '0' },
    })
    await service.until(200)
    const login = await service.ask('/v1/auth/login', {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
      body: JSON.stringify({ identifier: 'admin', password }),
    })
    token = ((await login!.json()) as { access_token: string }).access_token
  }, 60_000)
  afterAll(async () => {
    postgres.thaw()
    redis.thaw()
    service.child.kill('SIGKILL')
    await service.exited
    await redis.stop()
    await server.stop()
  })

  async function ask(path: string): Promise<Answer> {
    const sentAt = performance.now()
    const answer = await service.ask(path, { headers: { authorization: `Bearer ${token}` } })
    return { path, status: answer?.status, took: performance.now() - sentAt }
  }

  /** Asks ten times a second for so many seconds, without waiting for the answers. */
  async function askFor(seconds: number, paths: string[]): Promise<Answer[]> {
    const answers: Promise<Answer>[] = []
    for (let count = 0; count < seconds * 10; count += 1, await sleep(100)) {
      answers.push(ask(paths[count % paths.length]!))
    }
    return Promise.all(answers)
  }

  test(
    'OPS-02! FLT-03 PostgreSQL: 503 within five seconds, probes at once, well soon after it goes on',
    async () => {
      const paths = ['/v1/auth/me', '/v1/users?limit=1', '/v1/auth/sessions', '/health', '/ready']
      expect((await ask('/v1/auth/me')).status).toBe(200)
      postgres.freeze()
      await until(async () => (await ask('/ready')).status === 503)
      const answers = await askFor(seconds, paths)
      postgres.thaw()
      const thawed = performance.now()
      const probes = answers.filter(({ path }) => path === '/health' || path === '/ready')
      // A hundredth of a second where nobody else is at work; here it shows that they wait for nothing.
      expect(probes.filter(({ took }) => took > 1000)).toEqual([])
      expect(new Set(probes.map(({ path, status }) => `${path} ${status}`))).toEqual(
        new Set(['/health 200', '/ready 503']),
      )
      const others = answers.filter((answer) => !probes.includes(answer))
      expect(others.filter(({ status, took }) => status !== 503 || took > 5000)).toEqual([])
      await until(async () => (await ask('/ready')).status === 200 && (await ask('/v1/auth/me')).status === 200)
      expect(performance.now() - thawed).toBeLessThan(5000)
    },
    timeout,
  )

  test(
    'OPS-01! FLT-20 Redis: no request fails, and the service stays ready',
    async () => {
      redis.freeze()
      const answers = await askFor(seconds, ['/v1/auth/me', '/v1/users?limit=1', '/v1/auth/sessions', '/ready'])
      const ready = await service.ask('/ready')
      redis.thaw()
      expect(answers.filter(({ status }) => status !== 200)).toEqual([])
      expect(await ready?.json()).toMatchObject({ status: 'ready', checks: { redis: 'failing', keys: 'ok' } })
      const isUp = async () =>
        ((await (await service.ask('/ready'))?.json()) as { checks: { redis: string } }).checks.redis === 'ok'
      await until(isUp)
    },
    timeout,
  )

  test(
    'DB-03! FLT-02 PostgreSQL backends killed every 200 ms: the process stays up, and is well afterwards',
    async () => {
      const answering = askFor(seconds, ['/v1/auth/me', '/v1/users?limit=1'])
      for (let round = 0; round < seconds * 5; round += 1, await sleep(200)) {
        const others = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()`
        await query(databaseUrl, others)
      }
      const statuses = new Set((await answering).map(({ status }) => status))
      statuses.delete(503)
      expect([...statuses]).toEqual([200])
      expect(service.child.exitCode).toBeNull()
      await until(async () => (await ask('/ready')).status === 200 && (await ask('/v1/auth/me')).status === 200)
    },
    timeout,
  )
})
