import { createExpiringMap } from './expiringMap.ts'
import type { RedisCommands, RedisConnection } from './redis.ts'
import { defineScript } from './redisScript.ts'
import { giveBack, grainOf, take, takeBody, type Span, type Taken } from './slidingWindow.ts'

export interface Policy {
  /** As the `RateLimit` fields name it. */
  name: string
  /** Requests in a window; 0 is no limit. */
  quota: number
  /** Seconds. */
  window: number
}

export interface Decision {
  isAllowed: boolean
  remaining: number
  /** Whole seconds: where refused until one more is allowed, else until the quota is whole. */
  reset: number
}

export interface RateLimiter {
  readonly policy: Policy
  /** Counts one request of `key`, before any work is done for it. Refused ones do not count. */
  consume(key: string): Promise<Decision>
}

interface RateLimiterOptions {
  /** A clock in whole milliseconds that never goes back. */
  now?: () => number
  /** Told of each decision; an insured one was made alone although there should be a Redis. */
  onDecision?: (isAllowed: boolean, isInsured: boolean) => void
}

const maxKeys = 100_000
const takeScript = defineScript(takeBody)

/**
 * A sliding window: no span of its length sees more than the quota, wherever it begins. The instance counts by itself,
 * and where there is Redis all instances count together as well; both must agree. So an instance alone never lets more
 * through than the quota, though Redis be down, frozen or emptied, and what it refuses costs Redis nothing.
 */
export function createRateLimiter(
  policy: Policy,
  redis?: RedisConnection,
  { now = monotonicTime, onDecision = () => undefined }: RateLimiterOptions = {},
): RateLimiter {
  const span: Span = { quota: policy.quota, length: policy.window * 1000 }
  const logs = createExpiringMap<number[]>(maxKeys, now)

  function takeAlone(key: string, time: number): Taken {
    const { log, ...taken } = take(logs.get(key) ?? [], time, span)
    if (taken.isAllowed) logs.set(key, log, span.length)
    return taken
  }

  async function takeTogether({ run }: RedisCommands, key: string): Promise<Taken> {
    const args = [span.quota, span.length, grainOf(span)]
    const [allowed, used, wait] = (await run(takeScript, [`limit:${policy.name}:${key}`], args)) as Triple
    return { isAllowed: allowed === 1, used, wait }
  }

  function decision({ isAllowed, used, wait }: Taken): Decision {
    const reset = Math.max(1, Math.ceil(wait / 1000))
    return { isAllowed, remaining: Math.max(0, policy.quota - used), reset }
  }

  return {
    policy,
    async consume(key) {
      const time = now()
      const alone = takeAlone(key, time)
      if (!alone.isAllowed || !redis) {
        onDecision(alone.isAllowed, false)
        return decision(alone)
      }
      const together = await redis.attempt(
        (commands) => takeTogether(commands, key),
        () => alone,
      )
      onDecision(together.isAllowed, together === alone)
      if (!together.isAllowed) logs.set(key, giveBack(logs.get(key) ?? [], time), span.length)
      return decision({ ...together, used: Math.max(alone.used, together.used) })
    },
  }
}

type Triple = [number, number, number]

function monotonicTime(): number {
  return Math.floor(performance.now())
}
