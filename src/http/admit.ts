import type { Request, Response } from 'express'
import { contract, type OperationId } from '../../generated/contract.ts'
import type { Context } from '../context.ts'
import { Problem } from '../problem.ts'
import type { Actor } from '../security/actor.ts'
import { authenticate } from '../security/authenticate.ts'
import { networkOf } from '../security/network.ts'
import { isPermitted } from '../security/permissions.ts'
import { exchangeOf } from './exchange.ts'
import { limit } from './rateLimit.ts'

/**
 * Decides whether the request may go on, before anything of it is read: who asks, whether that is too often, and
 * whether they may. What the contract says of the operation is all there is to know.
 */
export async function admit(id: OperationId, request: Request, response: Response, context: Context): Promise<void> {
  const exchange = exchangeOf(request)
  const { permissions, rateLimit, acceptsEndedSessions, answersWhileStarting } = contract[id]
  if (!answersWhileStarting && !context.readiness.isStarted()) {
    throw new Problem('unavailable', { detail: 'The service is starting: the database is not ready yet.' })
  }
  const limiter = context.limiters[rateLimit]
  const address = networkOf(exchange.client.ip)
  if (permissions.length === 0) {
    // A refresh is limited by its session, once that is known (limitRefresh.ts); everything else by the address.
    if (rateLimit !== 'refresh') await limit(limiter, address, response)
    return
  }
  const actor = await authenticate(request.headers.authorization, { ...context, acceptsEndedSessions }).catch(
    async (error: unknown) => {
      if (error instanceof Problem) await limit(limiter, address, response)
      throw error
    },
  )
  exchange.actor = actor
  // Attempts at a password by place as well: whoever has stolen a token must not use up those of its owner.
  await limit(limiter, rateLimit === 'auth' ? `${actor.id} ${address}` : actor.id, response)
  demandPermission(id, actor, request)
}

/** The 403 is the same whether or not the thing exists. */
function demandPermission(id: OperationId, actor: Actor, request: Request): void {
  const userId = request.params.user_id
  if (isPermitted(actor, contract[id].permissions, typeof userId === 'string' ? userId : undefined)) return
  throw new Problem('forbidden')
}
