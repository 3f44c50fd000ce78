import { openValues } from '../../src/domain/auditValues.ts'
import type { Api } from './api.ts'

export interface AuditEvent {
  action: string
  outcome: 'success' | 'failure'
  actor_id: string | null
  actor_role: string | null
  subject_id: string | null
  session_id: string | null
  changes: Record<string, { before?: unknown; after?: unknown }>
  ip: string
  user_agent: string | null
  request_id: string
  age: number
}

interface StoredEvent extends Omit<AuditEvent, 'ip'> {
  id: string
  ip: string | null
  personal_changes: Buffer | null
  personal_origin: Buffer | null
  changes_key: Buffer | null
  origin_key: Buffer | null
}

/** The events about a user, oldest first. */
export function eventsAbout(api: Api, userId: string): Promise<AuditEvent[]> {
  return readEvents(api, 'subject_id::text', userId)
}

/** The events one request left, oldest first. */
export function eventsOf(api: Api, answer: { headers: Record<string, string> }): Promise<AuditEvent[]> {
  return readEvents(api, 'request_id', answer.headers['x-request-id'])
}

/** With their personal values, as the database and its keys have them. */
async function readEvents(api: Api, column: string, value: string | undefined): Promise<AuditEvent[]> {
  const rows = await api.database.query<StoredEvent>(
    `SELECT id, action, outcome, actor_id, actor_role, subject_id, session_id, changes, host(ip) AS ip, user_agent, request_id,
       extract(epoch FROM clock_timestamp() - occurred_at)::float AS age, personal_changes, personal_origin,
       (SELECT key FROM subject_keys WHERE user_id = subject_id) AS changes_key,
       (SELECT key FROM subject_keys WHERE user_id = coalesce(actor_id, subject_id)) AS origin_key
     FROM audit_events WHERE ${column} = $1 ORDER BY seq`,
    [value],
  )
  return rows.map(({ id, personal_changes, personal_origin, changes_key, origin_key, ...event }) => {
    const stored = { ...event, id, personal_changes, personal_origin }
    const { changes, ip, user_agent } = openValues(stored, { changes_key, origin_key })
    return { ...event, changes, ip: ip!, user_agent }
  })
}

export async function countEvents(api: Api): Promise<number> {
  const [row] = await api.database.query<{ count: number }>('SELECT count(*)::integer AS count FROM audit_events')
  return row!.count
}

/** A user with all its columns, as the database has it. */
export async function storedUser(api: Api, id: string): Promise<Record<string, unknown>> {
  const [row] = await api.database.query<Record<string, unknown>>('SELECT * FROM users WHERE id = $1', [id])
  return row!
}
