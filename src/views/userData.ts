import type { components } from '../../generated/openapi.ts'
import type { StoredEvent } from '../queries/auditEvents.ts'
import type { RegistrationRow } from '../queries/registrations.ts'
import type { SessionRow } from '../queries/sessions.ts'
import type { ImportRow } from '../queries/userImports.ts'
import type { UserRow } from '../queries/users.ts'

type Schemas = components['schemas']
type Who = Schemas['UserDataAuditEvent']['actor']

export function toUserDataProfile(row: UserRow): Schemas['UserDataProfile'] {
  return {
    id: row.id,
    username: row.username,
    email: row.email,
    first_name: row.first_name,
    last_name: row.last_name,
    role: row.role,
    is_active: row.is_active,
    email_verified: row.email_verified,
    last_login_at: row.last_login_at,
    version: row.version,
    created_at: row.created_at,
    updated_at: row.updated_at,
    deleted_at: row.deleted_at,
  }
}

export function toUserDataSession(row: SessionRow): Schemas['UserDataSession'] {
  return {
    id: row.id,
    ip: row.ip,
    user_agent: row.user_agent,
    created_at: row.created_at,
    last_seen_at: row.last_seen_at,
    expires_at: row.expires_at,
    ended_at: row.ended_at,
    end_reason: row.end_reason,
  }
}

export function toUserDataRegistration(row: RegistrationRow): Schemas['UserDataRegistration'] {
  return {
    username: row.username,
    email: row.email,
    first_name: row.first_name,
    last_name: row.last_name,
    created_at: row.created_at,
    expires_at: row.expires_at,
  }
}

export function toUserDataImport(row: ImportRow): Schemas['UserDataImport'] {
  return {
    id: row.id,
    status: row.status,
    format: row.format,
    dry_run: row.dry_run,
    on_conflict: row.on_conflict,
    idempotency_key: row.idempotency_key,
    session_id: row.origin.session_id,
    created_at: row.created_at,
    started_at: row.started_at,
    finished_at: row.finished_at,
  }
}

/** An event as the person may see it: what is somebody else's in it is left out. */
export function toUserDataAuditEvent(row: StoredEvent, userId: string): Schemas['UserDataAuditEvent'] {
  const who = (id: string | null): Who => (id === null ? 'nobody' : id === userId ? 'self' : 'other')
  const [actor, subject] = [who(row.actor_id), who(row.subject_id)]
  const isOwn = actor === 'self'
  // An event names the session it is about, where it is about one, and else the actor's.
  const isTheirSession = row.action === 'session.ended' || actor === 'nobody' ? subject === 'self' : isOwn
  return {
    id: row.id,
    occurred_at: row.occurred_at,
    action: row.action,
    outcome: row.outcome,
    actor,
    subject,
    session_id: isTheirSession ? row.session_id : null,
    changes: subject === 'self' ? row.changes : {},
    ip: isOwn ? row.ip : null,
    user_agent: isOwn ? row.user_agent : null,
  }
}

/** Batches of rows as batches of what is answered. */
export async function* inView<Row, View>(
  batches: AsyncIterable<Row[]>,
  view: (row: Row) => View,
): AsyncGenerator<View[]> {
  for await (const rows of batches) yield rows.map(view)
}
