import { createRateLimiter, type RateLimiter } from '../../src/platform/rateLimiter.ts'
import { connectRedis, type RedisConnection } from '../../src/platform/redis.ts'
import { describeWithOwnRedis, describeWithRedis, startRedis, until, type TestRedis } from '../support/redis.ts'

describe('alone in the process', () => {
  let time = 0
  const limiter = (quota: number) =>
    createRateLimiter({ name: 'test', quota, window: 60 }, undefined, { now: () => time })

  test('RL-01 RL-03 the quota is exact, each key has its own, and what is left is said', async () => {
    const auth = limiter(5)
    const remaining: number[] = []
    for (let round = 0; round < 5; round += 1) {
      const decision = await auth.consume('a')
      expect(decision).toMatchObject({ isAllowed: true, reset: 60 })
      remaining.push(decision.remaining)
      time += 10_000
    }
    expect(remaining).toEqual([4, 3, 2, 1, 0])
    time += 1
    expect(await auth.consume('a')).toEqual({ isAllowed: false, remaining: 0, reset: 10 })
    expect(await auth.consume('b')).toMatchObject({ isAllowed: true, remaining: 4 })
    time += 9_999
    expect(await auth.consume('a')).toEqual({ isAllowed: true, remaining: 0, reset: 60 })
    expect((await auth.consume('a')).isAllowed).toBe(false)
  })
})

describeWithRedis('with Redis', () => {
  let server: TestRedis
  const opened: RedisConnection[] = []
  beforeAll(async () => {
    server = await startRedis()
  })
  afterAll(async () => {
    for (const redis of opened) redis.close()
    await server.stop()
  })

  async function instance(quota: number, window = 60): Promise<RateLimiter> {
    const redis = await connectRedis(server.url, { onStateChange: () => undefined })
    await until(() => redis.state().isUp)
    opened.push(redis)
    return createRateLimiter({ name: 'test', quota, window }, redis)
  }

  test('RL-05 of a thousand at once on two instances exactly the quota get through', async () => {
    const instances = [await instance(100), await instance(100)]
    const consume = (index: number) => instances[index % 2]!.consume('burst')
    const decisions = await Promise.all(Array.from({ length: 1000 }, (_, index) => consume(index)))
    expect(decisions.filter(({ isAllowed }) => isAllowed)).toHaveLength(100)
    for (const { isAllowed, remaining, reset } of decisions) {
      expect(Number.isInteger(reset) && reset >= 1 && reset <= 60).toBe(true)
      if (!isAllowed) expect(remaining).toBe(0)
    }
  })

  test('RL-12 every key goes away by itself, and is small however many requests it counts', async () => {
    const limiter = await instance(1000, 3600)
    for (let round = 0; round < 300; round += 1) await limiter.consume('reader')
    const keys = await server.client.keys('*limit:*')
    expect(keys.length).toBeGreaterThan(0)
    for (const key of keys) expect(await server.client.pttl(key)).toBeGreaterThan(0)
    expect(await server.client.pttl('user-management:1:limit:test:reader')).toBeLessThanOrEqual(3_600_000)
    expect(await server.client.strlen('user-management:1:limit:test:reader')).toBeLessThan(1000)
  })

  test('FLT-23 a Redis that is emptied again and again gives an instance no more than its quota', async () => {
    const limiter = await instance(5)
    let allowed = 0
    for (let round = 0; round < 30; round += 1) {
      await server.client.flushdb()
      if ((await limiter.consume('flushed')).isAllowed) allowed += 1
    }
    expect(allowed).toBe(5)
  })

  test('what the others use up is not counted against this instance once it is free again', async () => {
    const [one, two] = [await instance(2), await instance(2)]
    await one.consume('shared')
    await one.consume('shared')
    expect((await two.consume('shared')).isAllowed).toBe(false)
    expect((await two.consume('shared')).isAllowed).toBe(false)
    await server.client.flushdb()
    expect((await two.consume('shared')).isAllowed).toBe(true)
    expect((await two.consume('shared')).isAllowed).toBe(true)
  })
})

describeWithOwnRedis('RL-06 when Redis fails', () => {
  test.each(['frozen', 'killed'])('%s: each instance limits by itself, and together again afterwards', async (how) => {
    const server = await startRedis()
    const connect = () => connectRedis(server.url, { onStateChange: () => undefined })
    const connections = [await connect(), await connect()]
    const policy = { name: 'auth', quota: 5, window: 60 }
    const instances = connections.map((redis) => createRateLimiter(policy, redis))
    const allowedOf = async (limiter: RateLimiter, key: string) => {
      const decisions = await Promise.all(Array.from({ length: 20 }, () => limiter.consume(key)))
      return decisions.filter(({ isAllowed }) => isAllowed).length
    }

    if (how === 'frozen') server.freeze()
    else await server.kill()
    expect(await Promise.all(instances.map((limiter) => allowedOf(limiter, 'attacker')))).toEqual([5, 5])
    await until(() => connections.every((redis) => !redis.state().isUp))
    if (how === 'frozen') server.thaw()
    else await server.restart()
    await until(() => connections.every((redis) => redis.state().isUp))

    // FLT-22: what an instance let through before still counts there.
    expect(await Promise.all(instances.map((limiter) => allowedOf(limiter, 'attacker')))).toEqual([0, 0])
    const shared = await Promise.all(instances.map((limiter) => allowedOf(limiter, 'somebody else')))
    expect(shared[0]! + shared[1]!).toBe(5)
    for (const redis of connections) redis.close()
    await server.stop()
  })
})
