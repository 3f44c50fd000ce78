import { sql, type Insertable } from 'kysely'
import type { Tx } from '../db/database.ts'
import type { AuditEventsTable } from '../db/tables.ts'

export type NewAuditEvent = Required<Insertable<AuditEventsTable>>

/** Each column with the type of its values, in the order of the statement. */
const columns = {
  id: 'uuid',
  action: 'text',
  outcome: 'text',
  actor_id: 'uuid',
  actor_role: 'text',
  subject_id: 'uuid',
  session_id: 'uuid',
  changes: 'jsonb',
  personal_changes: 'bytea',
  ip: 'inet',
  user_agent: 'text',
  personal_origin: 'bytea',
  request_id: 'text',
  trace_id: 'text',
} as const satisfies Record<keyof NewAuditEvent, string>

/** However many there are, in one statement and in their order: one array of values for each column. */
export async function insertAuditEvents(tx: Tx, events: NewAuditEvent[]): Promise<void> {
  const names = Object.keys(columns) as (keyof NewAuditEvent)[]
  const arrays = names.map((name) => sql`${events.map((event) => event[name])}::${sql.id(columns[name])}[]`)
  await sql`INSERT INTO audit_events (${sql.join(names.map((name) => sql.ref(name)))})
    SELECT * FROM unnest(${sql.join(arrays)})`.execute(tx)
}
