import { createFailureCounter, twin } from '../../src/platform/failureCounter.ts'
import { accountBackoff } from '../../src/security/accountBrake.ts'
import { describeWithRedis, startRedis } from '../support/redis.ts'

const second = 1000

describeWithRedis('failures in Redis and alone', () => {
  test('the scripts count exactly as the code does', async () => {
    const server = await startRedis()
    let time = 1_000_000_000_000
    const start = time
    const alone = createFailureCounter(accountBackoff, undefined, () => time)
    const { free, firstDelay, longestDelay, most, shortMemory, longMemory } = accountBackoff
    const numbers = [free, firstDelay, longestDelay, most, shortMemory, longMemory]
    const together = (body: string) =>
      server.client.eval(`local now = tonumber(ARGV[1]) ${body}`, 1, 'twin', time, ...numbers)
    for (let round = 0; round < 300; round += 1) {
      const { wait, failures, isCounted } = await alone.begin('twin')
      expect(await together(twin.begin)).toEqual([wait, failures, isCounted ? 1 : 0])
      if (wait === 0 && !isCounted) {
        await alone.fail('twin')
        await together(twin.fail)
      }
      time += [0, 7 * second, 3600 * second][round % 3]!
    }
    expect(time - start).toBeLessThan(longMemory)
    await server.stop()
  })
})
