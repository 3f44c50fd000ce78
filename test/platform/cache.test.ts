import { createMemoryCache, type Cache } from '../../src/platform/cache.ts'
import { connectRedis, type RedisConnection } from '../../src/platform/redis.ts'
import { createRedisCache } from '../../src/platform/redisCache.ts'
import { createSingleFlight } from '../../src/platform/singleFlight.ts'
import { describeWithOwnRedis, describeWithRedis, startRedis, until, type TestRedis } from '../support/redis.ts'

const minute = 60_000

function behaves(open: () => Cache): void {
  const cache = () => open()

  test('answers in the order of the keys, undefined for what is not known', async () => {
    await cache().write('order:b', { version: 3, value: { role: 'admin', tags: ['ü', null] } }, minute)
    await cache().write('order:c', { version: 1, value: null }, minute)
    expect(await cache().read(['order:a', 'order:b', 'order:c'])).toEqual([
      undefined,
      { version: 3, value: { role: 'admin', tags: ['ü', null] } },
      { version: 1, value: null },
    ])
  })

  test('CAC-02 an older version never replaces a newer one', async () => {
    await cache().write('race', { version: 10, value: 'new' }, minute)
    await cache().write('race', { version: 9, value: 'old' }, minute)
    expect(await cache().read(['race'])).toEqual([{ version: 10, value: 'new' }])
    await cache().write('race', { version: 11, value: 'newer' }, minute)
    expect(await cache().read(['race'])).toEqual([{ version: 11, value: 'newer' }])
  })

  test('a tombstone stands against its own version and older ones, and gives way to a newer one', async () => {
    await cache().write('gone', { version: 4, value: 'there' }, minute)
    await cache().write('gone', { version: 4, value: null }, minute)
    await cache().write('gone', { version: 4, value: 'there' }, minute)
    await cache().write('gone', { version: 3, value: 'there' }, minute)
    expect(await cache().read(['gone'])).toEqual([{ version: 4, value: null }])
    await cache().write('gone', { version: 5, value: 'restored' }, minute)
    expect(await cache().read(['gone'])).toEqual([{ version: 5, value: 'restored' }])
  })

  test('of writers at once the newest version stays', async () => {
    const versions = Array.from({ length: 50 }, (_, index) => ((index * 37) % 50) + 1)
    await Promise.all(versions.map((version) => cache().write('many', { version, value: version }, minute)))
    expect(await cache().read(['many'])).toEqual([{ version: 50, value: 50 }])
  })

  test('forgets what is too old, and does not take what is too old already', async () => {
    await cache().write('short', { version: 2, value: 'x' }, 50)
    await until(async () => (await cache().read(['short']))[0] === undefined)
    await cache().write('late', { version: 2, value: 'x' }, 0)
    await cache().write('late', { version: 2, value: 'x' }, -5)
    expect(await cache().read(['late'])).toEqual([undefined])
  })
}

describe('in the process', () => {
  const cache = createMemoryCache({ maxEntries: 100 })
  behaves(() => cache)

  test('CAC-05 a flood of keys does not fill it', async () => {
    const small = createMemoryCache({ maxEntries: 10 })
    for (let id = 0; id < 1000; id += 1) await small.write(`${id}`, { version: 1, value: id }, minute)
    const known = (await small.read(Array.from({ length: 1000 }, (_, id) => `${id}`))).filter(Boolean)
    expect(known).toHaveLength(10)
    expect(await small.read(['999'])).toEqual([{ version: 1, value: 999 }])
  })
})

describeWithRedis('in Redis', () => {
  let server: TestRedis
  let redis: RedisConnection
  let cache: Cache
  beforeAll(async () => {
    server = await startRedis()
    redis = await connectRedis(server.url, { onStateChange: () => undefined })
    cache = createRedisCache(redis)
  })
  afterAll(async () => {
    redis.close()
    await server.stop()
  })
  behaves(() => cache)

  test('CAC-08 what cannot be read is a miss, and is replaced', async () => {
    const key = 'user-management:1:cache:odd'
    for (const garbage of ['', 'x', '7', '7 {', '-1 1', '1e3 1', '7 {"a":1} ']) {
      await server.client.set(key, garbage)
      const [entry] = await cache.read(['odd'])
      if (garbage !== '7 {"a":1} ') expect(entry).toBeUndefined()
      await cache.write('odd', { version: 8, value: 'good' }, minute)
      expect(await cache.read(['odd'])).toEqual([{ version: 8, value: 'good' }])
    }
    await server.client.del(key)
    await server.client.lpush(key, 'a list')
    expect(await cache.read(['odd'])).toEqual([undefined])
  })

  test('every entry goes away by itself', async () => {
    await cache.write('lasting', { version: 1, value: 1 }, minute)
    const left = await server.client.pttl('user-management:1:cache:lasting')
    expect(left).toBeGreaterThan(0)
    expect(left).toBeLessThanOrEqual(minute)
  })
})

describeWithOwnRedis('in a Redis that fails', () => {
  test.each(['frozen', 'killed'])('%s: nothing is known, nothing is thrown', async (how) => {
    const server = await startRedis()
    const redis = await connectRedis(server.url, { onStateChange: () => undefined })
    const cache = createRedisCache(redis)
    await cache.write('a', { version: 1, value: 'before' }, minute)
    if (how === 'frozen') server.freeze()
    else await server.kill()
    expect(await cache.read(['a', 'b'])).toEqual([undefined, undefined])
    await cache.write('a', { version: 2, value: 'meanwhile' }, minute)
    expect(await cache.read(['a'])).toEqual([undefined])
    redis.close()
    server.thaw()
    await server.stop()
  })
})

describe('CAC-06 single flight', () => {
  test('those who want the same at the same time share one load, and later ones start another', async () => {
    const share = createSingleFlight<number>(minute)
    let loads = 0
    const load = async () => {
      await Promise.resolve()
      return (loads += 1)
    }
    expect(await Promise.all([share('a', load), share('a', load), share('b', load)])).toEqual([1, 1, 2])
    expect(await share('a', load)).toBe(3)
  })

  test('a load that began too long ago is not joined', async () => {
    const share = createSingleFlight<number>(0)
    let loads = 0
    const load = () => Promise.resolve((loads += 1))
    expect(await Promise.all([share('a', load), share('a', load)])).toEqual([1, 2])
  })

  test('a load that fails fails for those who shared it, and is not remembered', async () => {
    const share = createSingleFlight<number>(minute)
    const fail = () => Promise.reject(new Error('broken'))
    const both = await Promise.allSettled([share('a', fail), share('a', fail)])
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(await share('a', () => Promise.resolve(1))).toBe(1)
  })
})
