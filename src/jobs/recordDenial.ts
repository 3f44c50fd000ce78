import type { OperationId } from '../../generated/contract.ts'
import type { Db } from '../db/database.ts'
import { inTransaction } from '../db/transaction.ts'
import { audit } from '../domain/audit.ts'
import type { Client } from '../domain/client.ts'
import type { Logger } from '../platform/logger.ts'
import type { Metrics } from '../platform/metrics.ts'
import type { RateLimiter } from '../platform/rateLimiter.ts'
import type { Actor } from '../security/actor.ts'

/** That somebody who is signed in may not do what they asked for. */
export interface Denial {
  operation: OperationId
  actor: Actor
  client: Client
  /** The user the path names, whether or not there is one. */
  subjectId: string | undefined
}

export type RecordDenial = (denial: Denial) => Promise<void>

interface Needs {
  db: Db
  logger: Logger
  metrics: Pick<Metrics, 'denials'>
  /** So many of one person at one operation are events: nobody can fill the trail, nor hide one thing behind another. */
  limiter: RateLimiter
}

/**
 * Writes denials into the audit trail, each in a transaction of its own: that of the request, where there was one, is
 * rolled back. What is left out, or cannot be written, is counted and logged; it never throws, since a denial stays one.
 */
export function createRecordDenial({ db, logger, metrics, limiter }: Needs): RecordDenial {
  async function record({ operation, actor, client, subjectId }: Denial): Promise<'recorded' | 'left_out'> {
    const { isAllowed } = await limiter.consume(`${actor.id} ${operation}`)
    if (!isAllowed) {
      const about = { operation, actor_id: actor.id, request_id: client.requestId }
      logger.warn(about, 'a denial was left out of the audit trail: too many of the same')
      return 'left_out'
    }
    const changes = { operation: { after: operation } }
    const details = { outcome: 'failure' as const, subjectId, changes }
    await inTransaction(db, (tx) => audit(tx, 'access.denied', { actor, client }, details))
    return 'recorded'
  }

  return async (denial) => {
    const outcome = await record(denial).catch((error: unknown) => {
      const { requestId, traceId } = denial.client
      const about = { err: error, request_id: requestId, trace_id: traceId }
      logger.error(about, 'a denial could not be written into the audit trail')
      return 'failed'
    })
    metrics.denials.inc({ outcome })
  }
}
