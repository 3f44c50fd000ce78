import { setTimeout as sleep } from 'node:timers/promises'
import { connectRedis, type RedisConnection, type RedisState } from '../../src/platform/redis.ts'
import { defineScript } from '../../src/platform/redisScript.ts'
import { describeWithOwnRedis, startRedis, until, type TestRedis } from '../support/redis.ts'

const keep = defineScript(`return redis.call('SET', KEYS[1], ARGV[2])`)

describeWithOwnRedis('the connection to Redis', () => {
  let server: TestRedis
  let redis: RedisConnection
  let told: RedisState[]
  beforeEach(async () => {
    server = await startRedis()
    told = []
    redis = await connectRedis(server.url, { onStateChange: (state) => void told.push(state) })
  })
  afterEach(async () => {
    redis.close()
    server.thaw()
    await server.stop()
  })

  const write = (key: string) => redis.attempt<unknown>(({ run }) => run(keep, [key], ['there']), answerOfOurOwn)
  const answerOfOurOwn = () => 'without Redis'
  const find = (key: string) => server.client.get(`user-management:1:${key}`)

  test('is up from the start, and its keys carry the name and number of their form', async () => {
    expect(redis.state()).toEqual({ isUp: true })
    expect(await write('a')).toBe('OK')
    expect(await find('a')).toBe('there')
    expect(told).toEqual([{ isUp: true }])
  })

  test('RL-07 FLT-20 a frozen Redis is waited for once; it is used again once it answers', async () => {
    server.freeze()
    expect(await write('first')).toBe('without Redis')
    let asked = 0
    const count = () => {
      asked += 1
      return Promise.resolve('with Redis')
    }
    const answers = await Promise.all(Array.from({ length: 100 }, () => redis.attempt(count, answerOfOurOwn)))
    expect(new Set(answers)).toEqual(new Set(['without Redis']))
    expect(asked).toBe(0)
    expect(told).toEqual([{ isUp: true }, { isUp: false, cause: 'TIMEOUT' }])
    server.thaw()
    await until(() => redis.state().isUp)
    expect(await write('second')).toBe('OK')
    expect(told).toEqual([{ isUp: true }, { isUp: false, cause: 'TIMEOUT' }, { isUp: true }])
  })

  test('FLT-20 an instance without traffic notices, too', async () => {
    server.freeze()
    await until(() => !redis.state().isUp)
    expect(redis.state().cause).toBe('TIMEOUT')
  })

  test('RL-08 what lay in a frozen Redis is not carried out when it wakes up', async () => {
    server.freeze()
    const waiting = Array.from({ length: 20 }, (_, index) => write(`late-${index}`))
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(['without Redis']))
    await sleep(500)
    server.thaw()
    await until(() => redis.state().isUp)
    expect(await server.client.keys('*late*')).toEqual([])
  })

  test('FLT-21 FLT-22 a Redis that died and came back empty is used again, with the scripts it forgot', async () => {
    expect(await write('a')).toBe('OK')
    await server.kill()
    expect(await write('b')).toBe('without Redis')
    await until(() => redis.state().cause === 'ECONNREFUSED')
    await server.restart()
    await until(() => redis.state().isUp)
    expect(await write('c')).toBe('OK')
    expect([await find('a'), await find('b'), await find('c')]).toEqual([null, null, 'there'])
    expect(told.map(({ isUp }) => isUp)).toEqual([true, false, true])
  })

  test('FLT-24 FLT-25 a Redis that refuses to write is down, by cause, until it no longer does', async () => {
    await server.client.config('SET', 'maxmemory', '1')
    expect(await write('a')).toBe('without Redis')
    expect(redis.state()).toEqual({ isUp: false, cause: 'OOM' })
    await server.client.config('SET', 'maxmemory', '0')
    await until(() => redis.state().isUp)
    await server.client.replicaof('127.0.0.1', '1')
    expect(await write('a')).toBe('without Redis')
    expect(['READONLY', 'MASTERDOWN']).toContain(redis.state().cause)
    await server.client.replicaof('NO', 'ONE')
    await until(() => redis.state().isUp)
    expect(await write('a')).toBe('OK')
  })

  test('scripts that Redis has forgotten are sent again', async () => {
    await server.client.script('FLUSH')
    expect(await write('a')).toBe('OK')
  })

  test('a command that fails by itself falls back and spoils nothing for others', async () => {
    await server.client.lpush('user-management:1:list', 'not a string')
    const broken = defineScript(`return redis.call('GET', KEYS[1])`)
    expect(await redis.attempt<unknown>(({ run }) => run(broken, ['list'], []), answerOfOurOwn)).toBe('without Redis')
    expect(redis.state().isUp).toBe(true)
  })
})

describeWithOwnRedis('a Redis that cannot be used from the start', () => {
  test('is no reason not to start', async () => {
    const server = await startRedis()
    await server.kill()
    const told: RedisState[] = []
    const redis = await connectRedis(server.url, { onStateChange: (state) => void told.push(state) })
    expect(told).toEqual([{ isUp: false, cause: 'ECONNREFUSED' }])
    expect(
      await redis.attempt(
        () => Promise.reject(new Error()),
        () => 'without Redis',
      ),
    ).toBe('without Redis')
    await server.restart()
    await until(() => redis.state().isUp)
    redis.close()
    await server.stop()
  })

  test('FLT-25 a wrong password is told by its code alone', async () => {
    const server = await startRedis()
    await server.client.config('SET', 'requirepass', 'the right one')
    const told: RedisState[] = []
    const url = server.url.replace('redis://', 'redis://:the-wrong-one@')
    const redis = await connectRedis(url, { onStateChange: (state) => void told.push(state) })
    expect(told).toEqual([{ isUp: false, cause: 'WRONGPASS' }])
    redis.close()
    await server.stop()
  })
})
