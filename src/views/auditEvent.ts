import type { components } from '../../generated/openapi.ts'
import type { AuditEventRow } from '../queries/auditEvents.ts'

type AuditEvent = components['schemas']['AuditEvent']

interface Values {
  changes: Record<string, { before?: unknown; after?: unknown }>
  ip: string | null
  user_agent: string | null
  isErased: boolean
}

/** The row as far as it is readable as it stands, the rest from `values`. */
export function toAuditEvent({ row, values }: { row: AuditEventRow; values: Values }): AuditEvent {
  const changes = Object.entries(values.changes).map(([field, { before = null, after = null }]) => [
    field,
    { before, after },
  ])
  return {
    id: row.id,
    occurred_at: row.occurred_at,
    action: row.action,
    outcome: row.outcome,
    actor_id: row.actor_id,
    actor_role: row.actor_role as AuditEvent['actor_role'],
    subject_id: row.subject_id,
    session_id: row.session_id,
    changes: Object.fromEntries(changes) as AuditEvent['changes'],
    ip: values.ip,
    user_agent: values.user_agent,
    request_id: row.request_id,
    trace_id: row.trace_id,
    sealed: row.sealed === null ? null : Number(row.sealed),
    erased: values.isErased,
  }
}
