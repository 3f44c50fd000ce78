import type { RateLimiter } from '../platform/rateLimiter.ts'
import { Problem } from '../problem.ts'

/**
 * Counts one request of `key` and answers the fields that say what is left (draft-ietf-httpapi-ratelimit-headers), none
 * where there is no limit. Throws `rate-limited`, with the same fields, where nothing is left.
 */
export async function demandQuota(limiter: RateLimiter | undefined, key: string): Promise<Record<string, string>> {
  if (!limiter || limiter.policy.quota === 0) return {}
  const { name, quota, window } = limiter.policy
  const { isAllowed, remaining, reset } = await limiter.consume(key)
  const fields = {
    'RateLimit-Policy': `"${name}";q=${quota};w=${window}`,
    RateLimit: `"${name}";r=${remaining};t=${reset}`,
  }
  if (isAllowed) return fields
  throw new Problem('rate-limited', {
    detail: `Try again in ${reset} seconds.`,
    headers: { ...fields, 'Retry-After': String(reset) },
  })
}
