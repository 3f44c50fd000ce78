import { setTimeout as sleep } from 'node:timers/promises'
import { connectRedis, type RedisConnection } from '../../src/platform/redis.ts'
import { defineScript } from '../../src/platform/redisScript.ts'
import { startFaultProxy, type FaultProxy } from '../support/faultProxy.ts'
import { describeWithRedis, startRedis, type TestRedis } from '../support/redis.ts'

const count = defineScript(`return redis.call('INCR', KEYS[1])`)

/** Keeps this process from everything else, as a collection of garbage or a crowded machine does. */
function block(milliseconds: number): void {
  const end = performance.now() + milliseconds
  while (performance.now() < end);
}

describeWithRedis('a command that comes too late to Redis', () => {
  let server: TestRedis
  let way: FaultProxy
  let redis: RedisConnection
  beforeAll(async () => {
    server = await startRedis()
    way = await startFaultProxy(server.url)
    redis = await connectRedis(way.url, { onStateChange: () => undefined })
  })
  afterAll(async () => {
    redis.close()
    await way.close()
    await server.stop()
  })

  test('RL-08 is sent again, once, while its sender is still there, and counts once', async () => {
    const increment = () =>
      redis.attempt<unknown>(
        ({ run }) => run(count, ['counter'], []),
        () => 'without Redis',
      )
    expect(await increment()).toBe(1)
    way.hold()
    const late = increment()
    while (!way.held().includes('counter')) await sleep(1)
    block(200)
    way.release()
    expect(await late).toBe(2)
    expect(await increment()).toBe(3)
    expect(redis.state()).toEqual({ isUp: true })
  })
})
