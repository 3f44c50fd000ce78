import type { components } from '../../generated/openapi.ts'
import type { SessionRow } from '../queries/sessions.ts'

/** No user has more: `SESSION_LIMIT` cannot be set higher. */
export const mostSessions = 100

type Session = components['schemas']['Session']

function toSession(row: SessionRow, currentId: string): Session {
  return {
    id: row.id,
    ip: row.ip,
    user_agent: row.user_agent,
    created_at: row.created_at,
    last_seen_at: row.last_seen_at,
    expires_at: row.expires_at,
    is_current: row.id === currentId,
  }
}

/** All sessions of a user on one page. */
export function toSessionPage(rows: SessionRow[], currentId: string): components['schemas']['SessionPage'] {
  const page = { limit: mostSessions, next_cursor: null, previous_cursor: null }
  return { data: rows.map((row) => toSession(row, currentId)), page }
}
