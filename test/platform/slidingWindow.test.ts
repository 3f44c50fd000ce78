import { randomInt } from 'node:crypto'
import { giveBack, grainOf, take, takeBody, type Span } from '../../src/platform/slidingWindow.ts'
import { describeWithRedis, startRedis } from '../support/redis.ts'

const spans: [string, Span][] = [
  ['5 a minute', { quota: 5, length: 60_000 }],
  ['60 a minute', { quota: 60, length: 60_000 }],
  ['100 an hour', { quota: 100, length: 3_600_000 }],
  ['1000 an hour', { quota: 1000, length: 3_600_000 }],
]

/** A burst, and then bursts, lulls and steady traffic in turn. */
function* requests(span: Span): Generator<number> {
  let time = 1_000_000_000_000
  for (let round = 0; round < span.quota + 10; round += 1) yield time
  for (let phase = 0; phase < 20; phase += 1) {
    const longest = [0, 3, (2 * span.length) / span.quota, span.length / 4][randomInt(4)]!
    for (let round = 0; round < span.quota / 4 + 3; round += 1) {
      yield time
      time += longest < 2 ? randomInt(2) : randomInt(Math.ceil(longest))
    }
  }
}

describe.each(spans)('RL-04 the sliding window, %s', (_name, span) => {
  test('lets no more through than the quota in any span, and no less than it must', () => {
    let log: number[] = []
    let allowed: number[] = []
    let most = 0
    for (const time of requests(span)) {
      allowed = allowed.filter((each) => each > time - span.length - grainOf(span))
      const taken = take(log, time, span)
      log = taken.log
      if (taken.isAllowed) allowed.push(time)
      // Refused is what would be one too many in a span longer by one grain.
      else expect(allowed.length).toBeGreaterThanOrEqual(span.quota)
      most = Math.max(most, allowed.filter((each) => each > time - span.length).length)
      expect(log.length / 2).toBeLessThanOrEqual(61)
    }
    expect(most).toBe(span.quota)
  })

  test('RL-02 says how long to wait: not too short, and no longer than the span', () => {
    let log: number[] = []
    for (const time of requests(span)) {
      const { isAllowed, wait, log: next } = take(log, time, span)
      log = next
      if (isAllowed) continue
      expect(wait).toBeGreaterThan(0)
      expect(wait).toBeLessThanOrEqual(span.length)
      expect(take(log, time + wait, span).isAllowed).toBe(true)
      expect(take(log, time + wait - 1, span).isAllowed).toBe(false)
    }
  })
})

describe('the log', () => {
  const span = { quota: 3, length: 1000 }

  test('what is given back may be taken again', () => {
    const full = [10, 2, 20, 1]
    expect(take(full, 30, span).isAllowed).toBe(false)
    expect(giveBack(full, 10)).toEqual([10, 1, 20, 1])
    expect(giveBack(full, 20)).toEqual([10, 2])
    expect(giveBack(full, 21)).toEqual(full)
    expect(take(giveBack(full, 20), 30, span).isAllowed).toBe(true)
  })

  test('a clock that was put back keeps nobody out for longer than the span', () => {
    expect(take([5_000_000, 3], 1000, span)).toMatchObject({ isAllowed: false, wait: 1000, log: [1000, 3] })
  })
})

describeWithRedis('in Redis', () => {
  test('the script decides exactly as the code does', async () => {
    const server = await startRedis()
    const script = `local now = tonumber(ARGV[1]) ${takeBody}`
    for (const [name, span] of spans) {
      let log: number[] = []
      let compared = 0
      for (const time of requests(span)) {
        if ((compared += 1) > 1500) break
        const { isAllowed, used, wait, log: next } = take(log, time, span)
        log = next
        const args = [time, span.quota, span.length, grainOf(span)]
        expect(await server.client.eval(script, 1, `twin:${name}`, ...args)).toEqual([isAllowed ? 1 : 0, used, wait])
      }
    }
    await server.stop()
  })
})
