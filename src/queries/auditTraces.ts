import { sql } from 'kysely'
import type { Db } from '../db/database.ts'

/** The highest number that was given out for an event, and the highest that an event has. */
export async function findNumbers(db: Db): Promise<{ given: string; kept: string }> {
  const { rows } = await sql<{ given: string; kept: string }>`
    SELECT (SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM audit_events_seq_seq) AS given,
      (SELECT coalesce(max(seq), 0) FROM audit_events) AS kept`.execute(db)
  return rows[0]!
}

/** Of the newest sessions and users those that no event tells of, as the whole trail would. */
export async function listUnaudited(db: Db): Promise<{ what: string; id: string; created_at: string }[]> {
  const { rows } = await sql<{ what: string; id: string; created_at: string }>`
    SELECT 'session' AS what, id, created_at
    FROM (SELECT id, user_id, created_at FROM sessions ORDER BY id DESC LIMIT 100) AS newest
    WHERE NOT EXISTS (SELECT FROM audit_events e WHERE e.subject_id = newest.user_id AND e.session_id = newest.id)
    UNION ALL
    SELECT 'user', id, created_at FROM (SELECT id, created_at FROM users ORDER BY id DESC LIMIT 100) AS newest
    WHERE NOT EXISTS (SELECT FROM audit_events e WHERE e.subject_id = newest.id)`.execute(db)
  return rows
}
