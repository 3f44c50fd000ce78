import type { Answer } from '../../support/checkAnswer.ts'
import { startApi, type Api } from '../../support/api.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'
import {
  countEvaluated,
  expectRefused,
  logIn,
  newAddress,
  parseLimit,
  sameAddress,
  statusesOf,
  times,
} from '../../support/logins.ts'
import { addPerson, password, signIn } from '../../support/people.ts'
import { describeWithRedis, startRedis, type TestRedis } from '../../support/redis.ts'

describeWithRedis('two instances, one database, one Redis', () => {
  let database: TestDatabase
  let server: TestRedis
  let instances: Api[]
  beforeEach(async () => {
    database = await createTestDatabase()
    server = await startRedis()
    const env = { REDIS_URL: server.url, TRUST_PROXY: '1', RATE_LIMIT_AUTH_PER_MINUTE: '5' }
    instances = [await startApi({ database, env }), await startApi({ database, env })]
  })
  afterEach(async () => {
    for (const api of instances) await api.close()
    await server.stop()
    await database.drop()
  })
  const instance = (round: number) => instances[round % 2]!

  test('BRU-01 RL-05 of 40 at once from one address on both, five are evaluated', async () => {
    const answers = await times(40, (round) => logIn(instance(round), `name${round}`, { from: sameAddress }))
    expect(statusesOf(answers).filter((status) => status === 401)).toHaveLength(5)
    expect(await countEvaluated(database)).toBe(5)
    for (const answer of answers.filter(({ status }) => status === 429)) expectRefused(answer)
  })

  test('ABU-90 RL-01 RL-02 RL-03 the sixth, wherever it goes, is told when to come back', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { status, headers } = await logIn(instance(round), 'nobody', { from: sameAddress })
      expect(status).toBe(401)
      expect(parseLimit(headers['ratelimit-policy'])).toEqual({ name: '"auth"', numbers: { q: 5, w: 60 } })
      expect(parseLimit(headers.ratelimit)).toEqual({ name: '"auth"', numbers: { r: 4 - round, t: 60 } })
    }
    for (const api of instances) {
      const seconds = expectRefused(await logIn(api, 'somebody.else', { from: sameAddress }))
      expect(seconds).toBeLessThanOrEqual(60)
    }
    expect((await logIn(instance(0), 'nobody', {})).status).toBe(401)
  })

  test('BRU-04 spraying many accounts from one address, or from one /64, is stopped', async () => {
    for (const [index, addresses] of [
      Array.from({ length: 6 }, () => sameAddress),
      Array.from({ length: 6 }, (_, round) => `2001:db8:1:2::${round + 1}`),
      ['192.0.2.1', '::ffff:192.0.2.1', '192.0.2.1', '::ffff:192.0.2.1', '192.0.2.1', '::FFFF:192.0.2.1'],
    ].entries()) {
      const answers: Answer[] = []
      for (const [round, from] of addresses.entries()) {
        answers.push(await logIn(instance(round), `person${index}.${round}`, { from }))
      }
      expect(statusesOf(answers)).toEqual([401, 401, 401, 401, 401, 429])
    }
  })

  test('BRU-05 a success of one’s own between does not wipe the address’s slate', async () => {
    const { username } = await addPerson(instance(0))
    const statuses: number[] = []
    for (let round = 0; round < 6; round += 1) {
      const attempt = round % 2 === 0 ? { from: sameAddress, secret: password } : { from: sameAddress }
      const { status } = await logIn(instance(round), round % 2 === 0 ? username : 'victim', attempt)
      statuses.push(status)
    }
    expect(statuses).toEqual([200, 401, 200, 401, 200, 429])
  })

  test('RL-01 reads and writes are counted across instances, by user', async () => {
    const env = { REDIS_URL: server.url, RATE_LIMIT_READS_PER_HOUR: '6', RATE_LIMIT_WRITES_PER_HOUR: '4' }
    const limited = [await startApi({ database, env }), await startApi({ database, env })]
    const [one, two] = [await addPerson(limited[0]!), await addPerson(limited[0]!)]
    const { token } = await signIn(limited[0]!, one.username)
    const read = (round: number) => limited[round % 2]!.send('GET', '/v1/auth/me', { token })
    const write = (round: number) =>
      limited[round % 2]!.send('PATCH', `/v1/users/${one.id}`, { token, body: { first_name: `Name ${round}` } })
    const reads: Answer[] = []
    for (let round = 0; round < 7; round += 1) reads.push(await read(round))
    expect(statusesOf(reads)).toEqual([...Array<number>(6).fill(200), 429])
    expectRefused(reads[6])
    const writes: Answer[] = []
    for (let round = 0; round < 5; round += 1) writes.push(await write(round))
    expect(statusesOf(writes)).toEqual([...Array<number>(4).fill(200), 429])
    const other = await signIn(limited[1]!, two.username)
    expect((await limited[1]!.send('GET', '/v1/auth/me', { token: other.token })).status).toBe(200)
    for (const api of limited) await api.close()
  })

  test('RL-09 invalid tokens count by address', async () => {
    const env = { REDIS_URL: server.url, TRUST_PROXY: '1', RATE_LIMIT_READS_PER_HOUR: '4' }
    const limited = await startApi({ database, env })
    const statuses: number[] = []
    for (let round = 0; round < 5; round += 1) {
      const headers = { 'x-forwarded-for': sameAddress }
      statuses.push((await limited.send('GET', '/v1/auth/me', { token: `made.up.${round}`, headers })).status)
    }
    expect(statuses).toEqual([401, 401, 401, 401, 429])
    await limited.close()
  })

  test('RL-12 all that limits leave behind in Redis goes away by itself', async () => {
    await times(12, (round) => logIn(instance(round), `flood${round}`, {}))
    const keys = await server.client.keys('user-management:*')
    expect(keys.length).toBeGreaterThanOrEqual(24)
    for (const key of keys) expect(await server.client.pttl(key)).toBeGreaterThan(0)
    expect(keys.join()).not.toContain('flood')
  })

  test('FLT-23 sign-ins go on while Redis is emptied again and again', async () => {
    const { username } = await addPerson(instance(0))
    const emptying = times(20, () => server.client.flushdb())
    const answers = await times(10, (round) => logIn(instance(round), username, { secret: password }))
    await emptying
    expect(new Set(statusesOf(answers))).toEqual(new Set([200]))
  })
})

describe('BRU-06 ABU-91 RL-09 the address is the peer’s unless a proxy is configured', () => {
  test.each(['X-Forwarded-For', 'Forwarded', 'X-Real-IP', 'Client-IP', 'True-Client-IP'])('%s', async (name) => {
    const api = await startApi({ env: { RATE_LIMIT_AUTH_PER_MINUTE: '5' } })
    const statuses: number[] = []
    for (let round = 0; round < 6; round += 1) {
      const address = newAddress()
      const headers = { [name]: name === 'Forwarded' ? `for=${address}` : address }
      const body = { identifier: 'nobody', password: 'not it at all' }
      statuses.push((await api.send('POST', '/v1/auth/login', { body, headers })).status)
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429])
    const seen = await api.database.query('SELECT DISTINCT host(ip) AS ip FROM audit_events')
    expect(seen).toEqual([{ ip: '127.0.0.1' }])
    await api.close()
  })
})
