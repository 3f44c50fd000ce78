import { v7 as uuidv7 } from 'uuid'
import type { AuditAction } from '../../generated/contract.ts'
import type { Tx } from '../db/database.ts'
import { insertAuditEvent } from '../queries/auditEvents.ts'
import type { Actor } from '../security/actor.ts'
import type { Client } from './client.ts'

/** Who acts, and from where; the actor is undefined where nobody has signed in. */
export interface Origin {
  actor: Actor | undefined
  client: Client
}

export interface AuditDetails {
  outcome?: 'success' | 'failure'
  /** The user the event is about. */
  subjectId?: string | undefined
  sessionId?: string | undefined
  /** Old and new value of each changed field; secrets never. */
  changes?: Record<string, { before?: unknown; after?: unknown }>
}

/** Writes one event into the transaction of the change, so that neither exists without the other. Answers its id. */
export async function audit(
  tx: Tx,
  action: AuditAction,
  { actor, client }: Origin,
  details: AuditDetails,
): Promise<string> {
  const id = uuidv7()
  await insertAuditEvent(tx, {
    id,
    action,
    outcome: details.outcome ?? 'success',
    actor_id: actor?.id ?? null,
    actor_role: actor?.role ?? null,
    subject_id: details.subjectId ?? null,
    session_id: details.sessionId ?? actor?.sessionId ?? null,
    changes: JSON.stringify(details.changes ?? {}),
    // A connection that was gone before its address was read has none.
    ip: client.ip === '' ? null : client.ip,
    user_agent: client.userAgent ?? null,
    request_id: client.requestId,
    trace_id: client.traceId ?? null,
  })
  return id
}
