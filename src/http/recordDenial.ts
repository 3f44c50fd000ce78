import type { ErrorRequestHandler } from 'express'
import { validate as isUuid } from 'uuid'
import type { OperationId } from '../../generated/contract.ts'
import type { Context } from '../context.ts'
import { Problem } from '../problem.ts'
import { exchangeOf } from './exchange.ts'

/** Every 403 becomes an event before it is an answer, whoever decided it: no handler has to think of it. */
export function recordDenial(operation: OperationId, context: Pick<Context, 'recordDenial'>): ErrorRequestHandler {
  return async (error: unknown, request, _response, next) => {
    const { actor, client } = exchangeOf(request)
    if (error instanceof Problem && error.type === 'forbidden' && actor) {
      // Nobody has validated the path of a request that is denied at the door.
      const { user_id: userId } = request.params
      await context.recordDenial({ operation, actor, client, subjectId: isUuid(userId) ? String(userId) : undefined })
    }
    next(error)
  }
}
