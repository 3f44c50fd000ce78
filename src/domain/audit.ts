import { v7 as uuidv7 } from 'uuid'
import type { AuditAction } from '../../generated/contract.ts'
import type { Tx } from '../db/database.ts'
import { insertAuditEvents, type NewAuditEvent } from '../queries/auditEvents.ts'
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

/** Writes one event into the transaction of the change, so that neither exists without the other. */
export function audit(tx: Tx, action: AuditAction, origin: Origin, details: AuditDetails): Promise<void> {
  return auditMany(tx, action, origin, [details])
}

/** The same for many changes of one kind. */
export async function auditMany(
  tx: Tx,
  action: AuditAction,
  origin: Origin,
  details: readonly AuditDetails[],
): Promise<void> {
  if (details.length > 0) await insertAuditEvents(tx, details.map((each) => eventOf(action, origin, each)))
}

function eventOf(action: AuditAction, { actor, client }: Origin, details: AuditDetails): NewAuditEvent {
  return {
    id: uuidv7(),
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
  }
}
