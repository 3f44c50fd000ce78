import { measure } from '../../src/jobs/measure.ts'
import { startApi, type Api } from '../support/api.ts'
import { addPerson, password, signIn } from '../support/people.ts'
import { describeWithOwnRedis, startRedis, until } from '../support/redis.ts'

interface Tokens {
  refresh_token: string
}

/** The series of the registry with their values. */
async function read({ context }: Api): Promise<Map<string, number>> {
  const text = await context.metrics.registry.metrics()
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(lines.map((line) => [line.replace(/ \S+$/, ''), Number(/\S+$/.exec(line)?.[0])]))
}

/** What has been added since, by series. */
async function added(api: Api, work: () => Promise<unknown>): Promise<Record<string, number>> {
  const before = await read(api)
  await work()
  const after = await read(api)
  return Object.fromEntries(
    [...after]
      .map(([name, value]) => [name, value - (before.get(name) ?? 0)] as const)
      .filter(([, more]) => more !== 0),
  )
}

const counted = (operation: string, status: string) =>
  `http_request_duration_seconds_count{operation="${operation}",status="${status}"}`

describe('OBS-01! the metrics of requests', () => {
  let api: Api
  let person: { username: string; id: string }
  let token: string
  beforeAll(async () => {
    // Hashes dear enough for logins to come faster than they are done, however slow the client is.
    const env = { RATE_LIMIT_READS_PER_HOUR: '1000', METRICS_PORT: '0', ARGON2_TIME_COST: '8' }
    api = await startApi({ env })
    person = await addPerson(api, { role: 'admin' })
    token = (await signIn(api, person.username)).token
  })
  afterAll(() => api.close())
  const login = (typed: string) =>
    api.send('POST', '/v1/auth/login', { body: { identifier: person.username, password: typed } })

  const refresh = ({ refresh_token }: Tokens) => api.send('POST', '/v1/auth/refresh', { body: { refresh_token } })

  test('count by operation and class of status, with how long they took', async () => {
    const more = await added(api, async () => {
      await api.send('GET', `/v1/users/${person.id}`, { token })
      await api.send('HEAD', `/v1/users/${person.id}`, { token })
      await api.send('GET', '/v1/users/nonsense', { token })
    })
    expect(more[counted('getUser', '2xx')]).toBe(2)
    expect(more[counted('getUser', '4xx')]).toBe(1)
    expect(more['http_request_duration_seconds_sum{operation="getUser",status="2xx"}']).toBeGreaterThan(0)
    expect(more['http_problems_total{operation="getUser",type="validation-failed"}']).toBe(1)
    const allowed = 'user_management_rate_limit_decisions_total{class="read",decision="allowed",insured="false"}'
    expect(more[allowed]).toBe(3)
  })

  test('10,000 random paths and methods add no series', async () => {
    await api.send('GET', '/nowhere')
    const before = (await read(api)).size
    for (let batch = 0; batch < 100; batch += 1) {
      const paths = Array.from({ length: 100 }, (_, index) => `/${batch}/v1/users/x${index}?${'y'.repeat(index)}`)
      await Promise.all(paths.map((path) => fetch(api.url + path).then((answer) => answer.arrayBuffer())))
    }
    const after = await read(api)
    expect(after.size).toBe(before)
    expect(after.get(counted('unmatched', '4xx'))).toBeGreaterThanOrEqual(10_001)
  }, 60_000)

  test('logins by outcome, refresh tokens used twice, look-ups of the cache', async () => {
    const more = await added(api, async () => {
      const first = (await login(password)).body as Tokens
      await login('not the password')
      const second = (await refresh(first)).body as Tokens
      expect((await refresh(second)).status).toBe(200)
      expect((await refresh(first)).status).toBe(401)
      await api.send('GET', '/v1/auth/me', { token })
      await api.send('GET', '/v1/auth/me', { token })
    })
    expect(more['user_management_logins_total{outcome="success"}']).toBe(1)
    expect(more['user_management_logins_total{outcome="refused"}']).toBe(1)
    expect(more.user_management_refresh_reuse_total).toBe(1)
    expect(more['user_management_cache_reads_total{result="hit"}']).toBeGreaterThanOrEqual(2)
    expect(more.user_management_password_hash_wait_seconds_count).toBeGreaterThanOrEqual(2)
  })

  test('a client that leaves is neither a success nor an error of ours', async () => {
    const more = await added(api, async () => {
      const leaving = new AbortController()
      const asked = fetch(`${api.url}/v1/auth/login`, {
        ...{ method: 'POST', headers: { 'content-type': 'application/json' }, signal: leaving.signal, duplex: 'half' },
        body: new ReadableStream({ start: (stream) => stream.enqueue(Buffer.from('{"identifier":')) }),
      })
      setTimeout(() => leaving.abort(), 200)
      await expect(asked).rejects.toThrow()
      await until(async () => ((await read(api)).get(counted('login', 'aborted')) ?? 0) > 0)
    })
    expect(more[counted('login', 'aborted')]).toBe(1)
    expect(more['user_management_logins_total{outcome="failed"}']).toBe(1)
  })

  test('FLT-40 PWD-21 a storm of logins: some are turned away and counted, reads are served', async () => {
    const statuses: number[] = []
    const more = await added(api, async () => {
      // Each another name: what is tried on one account has a limit of its own.
      const storm = Array.from({ length: 300 }, (_, index) =>
        api.send('POST', '/v1/auth/login', { body: { identifier: `nobody-${index}`, password } }),
      )
      for (let count = 0; count < 10; count += 1)
        statuses.push((await api.send('GET', '/v1/auth/me', { token })).status)
      const answers = await Promise.all(storm)
      const refused = answers.filter(({ status }) => status === 503)
      expect(refused.length).toBeGreaterThan(0)
      for (const { headers } of refused) expect(headers['retry-after']).toMatch(/^[1-9]\d*$/)
    })
    expect(new Set(statuses)).toEqual(new Set([200]))
    expect(more.user_management_password_hash_refused_total).toBe(
      more['user_management_logins_total{outcome="failed"}'],
    )
  }, 60_000)

  test('requests that the database fails, by what it was', async () => {
    const more = await added(api, async () => {
      await api.database.query('REVOKE INSERT ON users FROM user_management_app')
      const name = { username: 'denied', email: 'denied@example.com', password: 'a password of some length' }
      expect((await api.send('POST', '/v1/users', { token, body: name })).status).toBe(503)
      await api.database.query('GRANT INSERT ON users TO user_management_app')
    })
    expect(more['user_management_database_errors_total{kind="denied"}']).toBe(1)
    expect(more['http_problems_total{operation="createUser",type="unavailable"}']).toBe(1)
    expect(more[counted('createUser', '5xx')]).toBe(1)
  })

  test('what only the database knows is measured, and shown from then on', async () => {
    expect((await read(api)).has('user_management_sessions_active')).toBe(false)
    await measure(api.context)
    const series = await read(api)
    expect(series.get('user_management_sessions_active')).toBe(1)
    expect(series.get('user_management_outbox_mails')).toBe(0)
    expect(series.get('user_management_outbox_oldest_age_seconds')).toBe(0)
    await api.send('POST', '/v1/auth/password/forgot', { body: { email: `${person.username}@example.com` } })
    await api.database.query(`UPDATE outbox SET created_at = now() - interval '1 hour'`)
    await measure(api.context)
    const later = await read(api)
    expect(later.get('user_management_outbox_mails')).toBe(1)
    expect(later.get('user_management_outbox_oldest_age_seconds')).toBeGreaterThanOrEqual(3600)
  })

  test('the parts: pool, hashes, dependencies, what is running', async () => {
    const series = await read(api)
    expect(series.get('user_management_database_connections{state="idle"}')).toBeGreaterThanOrEqual(1)
    expect(series.get('user_management_database_waiting')).toBe(0)
    expect(series.get('user_management_database_pool_size')).toBe(10)
    expect(series.get('user_management_password_hashes{state="waiting"}')).toBe(0)
    expect(series.get('user_management_dependency_up{dependency="database"}')).toBe(1)
    expect(series.get('user_management_dependency_up{dependency="keys"}')).toBe(1)
    expect([...series.keys()]).toContainEqual(
      expect.stringMatching(/^user_management_build_info\{version="\d.+",node="24\./),
    )
  })

  test('OBS-01! have no label that a client chose', async () => {
    const marker = 'MARKERx81'
    await api.send('GET', `/${marker}`, {
      query: { q: marker },
      headers: { 'user-agent': marker, 'x-request-id': marker },
    })
    await api.send('POST', '/v1/auth/login', { body: { identifier: marker, password: marker } })
    expect(await api.context.metrics.registry.metrics()).not.toContain(marker)
  })
})

describeWithOwnRedis('RL-06! the metrics while Redis is away', () => {
  test('say that limits are insured and the cache does not answer', async () => {
    const redis = await startRedis()
    const api = await startApi({ env: { REDIS_URL: redis.url, RATE_LIMIT_READS_PER_HOUR: '1000' } })
    const person = await addPerson(api, { role: 'admin' })
    const { token } = await signIn(api, person.username)
    redis.freeze()
    const more = await added(api, async () => {
      await api.send('GET', '/v1/auth/me', { token })
    })
    const insured = 'user_management_rate_limit_decisions_total{class="read",decision="allowed",insured="true"}'
    expect(more[insured]).toBe(1)
    expect(more['user_management_cache_reads_total{result="error"}']).toBe(2)
    expect(more['user_management_dependency_up{dependency="redis"}']).toBe(-1)
    redis.thaw()
    await api.close()
    await redis.stop()
  })
})
