import type { Insertable } from 'kysely'
import type { Tx } from '../db/database.ts'
import type { AuditEventsTable } from '../db/tables.ts'

export async function insertAuditEvent(tx: Tx, event: Insertable<AuditEventsTable>): Promise<void> {
  await tx.insertInto('audit_events').values(event).execute()
}
