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

const columns = `action, outcome, actor_id, actor_role, subject_id, session_id, changes, host(ip) AS ip, user_agent,
  request_id, extract(epoch FROM clock_timestamp() - occurred_at)::float AS age`

/** The events about a user, oldest first. */
export function eventsAbout(api: Api, userId: string): Promise<AuditEvent[]> {
  return api.database.query(`SELECT ${columns} FROM audit_events WHERE subject_id = $1 ORDER BY seq`, [userId])
}

/** The events one request left, oldest first. */
export function eventsOf(api: Api, answer: { headers: Record<string, string> }): Promise<AuditEvent[]> {
  const id = answer.headers['x-request-id']
  return api.database.query(`SELECT ${columns} FROM audit_events WHERE request_id = $1 ORDER BY seq`, [id])
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
