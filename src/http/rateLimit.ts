import type { Response } from 'express'
import { Problem } from '../problem.ts'
import type { RateLimiter } from '../platform/rateLimiter.ts'

/**
 * Counts the request and says on the answer what is left (draft-ietf-httpapi-ratelimit-headers); throws `rate-limited`
 * where nothing is.
 */
export async function limit(limiter: RateLimiter | undefined, key: string, response: Response): Promise<void> {
  if (!limiter || limiter.policy.quota === 0) return
  const { name, quota, window } = limiter.policy
  const { isAllowed, remaining, reset } = await limiter.consume(key)
  response.setHeader('RateLimit-Policy', `"${name}";q=${quota};w=${window}`)
  response.setHeader('RateLimit', `"${name}";r=${remaining};t=${reset}`)
  if (isAllowed) return
  throw new Problem('rate-limited', {
    detail: `Try again in ${reset} seconds.`,
    headers: { 'Retry-After': String(reset) },
  })
}
