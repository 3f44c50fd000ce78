import type { Request, Response } from 'express'
import type { Context } from '../context.ts'
import { networkOf } from '../security/network.ts'
import { findRefreshSession } from '../security/refreshSession.ts'
import { exchangeOf } from './exchange.ts'
import { limit } from './rateLimit.ts'

/**
 * Limits a refresh by its session, which only the validated body tells, or all who sit behind one address would share a
 * limit. Tokens of no session count by address.
 */
export async function limitRefresh(request: Request, response: Response, { db, limiters }: Context): Promise<void> {
  const limiter = limiters.refresh
  if (!limiter || limiter.policy.quota === 0) return
  const { refresh_token: token } = request.body as { refresh_token: string }
  const sessionId = await findRefreshSession(db, token)
  await limit(limiter, sessionId ?? networkOf(exchangeOf(request).client.ip), response)
}
