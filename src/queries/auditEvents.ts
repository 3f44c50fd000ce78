import type { Insertable } from 'kysely'
import type { Tx } from '../db/database.ts'
import type { AuditEventsTable } from '../db/tables.ts'

export type NewAuditEvent = Insertable<AuditEventsTable>

export async function insertAuditEvents(tx: Tx, events: NewAuditEvent[]): Promise<void> {
  await tx.insertInto('audit_events').values(events).execute()
}
