import type { Insertable, Selectable } from 'kysely'
import type { Db, Tx } from '../db/database.ts'
import type { AuditEventsTable } from '../db/tables.ts'

export async function insertAuditEvent(tx: Tx, event: Insertable<AuditEventsTable>): Promise<void> {
  await tx.insertInto('audit_events').values(event).execute()
}

export type AuditEventRow = Selectable<AuditEventsTable>

/**
 * The events about a user and those that the user is the actor of, in the order of writing. Each half comes from an index
 * of its own, so that a batch costs the same wherever it begins.
 */
export async function listEventsOfPerson(
  db: Db,
  userId: string,
  { afterSeq, limit }: { afterSeq: string | undefined; limit: number },
): Promise<AuditEventRow[]> {
  const events = db
    .selectFrom('audit_events')
    .selectAll()
    .where('seq', '>', afterSeq ?? '0')
    .orderBy('seq')
    .limit(limit)
  const about = events.where('subject_id', '=', userId)
  const by = events.where('actor_id', '=', userId).where('subject_id', 'is distinct from', userId)
  return db.selectFrom(about.unionAll(by).as('events')).selectAll().orderBy('seq').limit(limit).execute()
}
