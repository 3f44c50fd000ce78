import { startApi, type Api } from '../../support/api.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'
import { countEvaluated, expectRefused, logIn, statusesOf, times } from '../../support/logins.ts'
import { addPerson, password } from '../../support/people.ts'
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
  const counted = async (outcome: string) => {
    const metrics = await Promise.all(instances.map(({ context }) => context.metrics.logins.get()))
    const values = metrics.flatMap((metric) => metric.values).filter(({ labels }) => labels.outcome === outcome)
    return values.reduce((sum, { value }) => sum + value, 0)
  }

  test('BRU-02 BRU-09 ENU-05 a botnet is slowed down per account, known or not alike', async () => {
    const { username, email } = await addPerson(instance(0), { name: 'target' })
    const spellings = (name: string) => [name, name.toUpperCase(), name.replace('t', 'ｔ')]
    for (const name of [username, 'tnobody', email]) {
      const guess = (round: number) => logIn(instance(round), spellings(name)[round % 3]!, {})
      expect(statusesOf(await times(10, guess))).toEqual(Array<number>(10).fill(401))
      expect(statusesOf(await times(6, guess))).toEqual(Array<number>(6).fill(429))
      const before = await countEvaluated(database)
      const refused = await times(2, (round) => logIn(instance(round), name, { secret: password }))
      for (const answer of refused) expect(expectRefused(answer)).toBeLessThanOrEqual(30)
      expect(await countEvaluated(database)).toBe(before)
    }
  })

  test('BRU-02 AUD-12 three hundred at once from as many addresses: hardly more than ten are evaluated and in the trail, all are counted', async () => {
    await addPerson(instance(0), { name: 'target' })
    const answers = await times(300, (round) => logIn(instance(round), 'target', {}))
    const heard = await countEvaluated(database)
    expect(heard).toBeGreaterThanOrEqual(10)
    expect(heard).toBeLessThanOrEqual(10 + 2 * 4)
    expect(statusesOf(answers).filter((status) => status === 429)).toHaveLength(300 - heard)
    expect(await counted('refused')).toBe(heard)
    expect(await counted('limited')).toBe(300 - heard)
  })

  test('BRU-03 whoever comes from a known device, or holds a session, is not kept out by strangers', async () => {
    const { username } = await addPerson(instance(0))
    const home = { from: '192.0.2.77', secret: password }
    const session = (await logIn(instance(0), username, home)).body as { access_token: string }
    await times(12, (round) => logIn(instance(round), username, {}))
    expectRefused(await logIn(instance(0), username, { secret: password }))
    for (const api of instances) {
      expect((await logIn(api, username, home)).status).toBe(200)
      expect((await api.send('GET', '/v1/auth/me', { token: session.access_token })).status).toBe(200)
    }
    expectRefused(await logIn(instance(0), username, { secret: password }))
  })

  test('BRU-05 a device that fails is slowed down by itself, and only there', async () => {
    const { username } = await addPerson(instance(0))
    const device = '2001:db8:5:6::1'
    expect((await logIn(instance(0), username, { from: device, secret: password })).status).toBe(200)
    // From other addresses of its /64, which share the limit by address: that is lifted here to see the other one.
    const unlimited = await startApi({ database, env: { REDIS_URL: server.url, TRUST_PROXY: '1' } })
    const statuses: number[] = []
    for (let round = 0; round < 11; round += 1) {
      statuses.push((await logIn(unlimited, username, { from: `2001:db8:5:6::${round + 2}` })).status)
    }
    expect(statuses).toEqual([...Array<number>(10).fill(401), 429])
    expect((await logIn(unlimited, username, { secret: password })).status).toBe(200)
    await unlimited.close()
  })
})
