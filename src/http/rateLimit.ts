import type { Response } from 'express'
import type { RateLimiter } from '../platform/rateLimiter.ts'
import { demandQuota } from '../security/quota.ts'

/** Counts the request and says on the answer what is left; throws `rate-limited` where nothing is. */
export async function limit(limiter: RateLimiter | undefined, key: string, response: Response): Promise<void> {
  const fields = await demandQuota(limiter, key)
  for (const [name, value] of Object.entries(fields)) response.setHeader(name, value)
}
