import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'

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
  /** Whole seconds until the quota is whole again. */
  reset: number
}

export interface RateLimiter {
  readonly policy: Policy
  /** Counts one request of `key`, before any work is done for it. */
  consume(key: string): Promise<Decision>
}

/** Counts in this process: right for a single instance. */
export function createRateLimiter(policy: Policy): RateLimiter {
  const counter = new RateLimiterMemory({ points: policy.quota, duration: policy.window, keyPrefix: policy.name })
  return {
    policy,
    async consume(key) {
      const result = await counter.consume(key).catch((refusal: unknown) => {
        if (refusal instanceof RateLimiterRes) return refusal
        throw refusal
      })
      return {
        isAllowed: result.consumedPoints <= policy.quota,
        remaining: result.remainingPoints,
        reset: Math.max(1, Math.ceil(result.msBeforeNext / 1000)),
      }
    },
  }
}
