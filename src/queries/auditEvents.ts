import { sql, type Insertable, type Selectable } from 'kysely'
import type { Db, Tx } from '../db/database.ts'
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

export type AuditEventRow = Selectable<AuditEventsTable>
/** An event with the keys of those its personal values belong to; null where they were erased. */
export type PersonEventRow = AuditEventRow & { changes_key: Buffer | null; origin_key: Buffer | null }

/**
 * The events about a user and those that the user is the actor of, in the order of writing, with the keys of their
 * personal values. Each half comes from an index of its own, so that a batch costs the same wherever it begins.
 */
export function listEventsOfPerson(
  db: Db,
  userId: string,
  { afterSeq, limit }: { afterSeq: string | undefined; limit: number },
): Promise<PersonEventRow[]> {
  const events = db
    .selectFrom('audit_events')
    .selectAll()
    .where('seq', '>', afterSeq ?? '0')
    .orderBy('seq')
    .limit(limit)
  const all = (half: typeof events) => db.selectFrom(half.as('half')).selectAll()
  const about = events.where('subject_id', '=', userId)
  const by = events.where('actor_id', '=', userId).where('subject_id', 'is distinct from', userId)
  return db
    .selectFrom(all(about).unionAll(all(by)).as('events'))
    .leftJoin('subject_keys as theirs', 'theirs.user_id', 'events.subject_id')
    .leftJoin('subject_keys as origins', (join) =>
      join.on(sql<boolean>`origins.user_id = coalesce(events.actor_id, events.subject_id)`),
    )
    .selectAll('events')
    .select(['theirs.key as changes_key', 'origins.key as origin_key'])
    .orderBy('seq')
    .limit(limit)
    .execute()
}
