import { sql, type Insertable, type SelectQueryBuilder, type Selectable } from 'kysely'
import type { Db, Tx } from '../db/database.ts'
import type { Rows } from '../db/page.ts'
import type { AuditEventsTable } from '../db/auditTables.ts'
import type { Tables } from '../db/tables.ts'

export type NewAuditEvent = Required<Insertable<AuditEventsTable>>
export type StoredEvent = Selectable<AuditEventsTable>

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

/**
 * However many there are, in one statement and in their order: one array of values for each column, or one value where all
 * events have the same, as those of an import have in most.
 */
export async function insertAuditEvents(tx: Tx, events: NewAuditEvent[]): Promise<void> {
  const names = Object.keys(columns) as (keyof NewAuditEvent)[]
  const different = names.filter((name) => name === 'id' || events.some((event) => event[name] !== events[0]?.[name]))
  const arrays = different.map((name) => sql`${events.map((event) => event[name])}::${sql.id(columns[name])}[]`)
  const values = names.map((name) =>
    different.includes(name) ? sql.ref(`given.${name}`) : sql`${events[0]?.[name]}::${sql.id(columns[name])}`,
  )
  const given = sql`given (${sql.join(different.map((name) => sql.id(name)))})`
  await sql`INSERT INTO audit_events (${sql.join(names.map((name) => sql.ref(name)))})
    SELECT ${sql.join(values)} FROM unnest(${sql.join(arrays)}) AS ${given}`.execute(tx)
}

export interface AuditFilters {
  actor_id?: string | undefined
  subject_id?: string | undefined
  action?: string | undefined
  request_id?: string | undefined
  /** The first moment, and the one after the last. */
  from?: string | undefined
  to?: string | undefined
}

export interface SeqPage {
  order: 'asc' | 'desc'
  limit: number
  direction: 'next' | 'previous'
  /** The seq of the event next to the page; undefined at the ends. */
  after: string | undefined
}

/** One page in the order of the list, by seq alone: whatever clocks do, it is the order of writing. */
export async function listAuditEvents(
  db: Db,
  filters: AuditFilters,
  { order, limit, direction, after }: SeqPage,
): Promise<Rows<AuditEventRow>> {
  const way = (order === 'asc') === (direction === 'next') ? 'asc' : 'desc'
  const { from, to, ...equal } = filters
  const found = await withKeysAndSeal(
    db,
    db
      .selectFrom('audit_events')
      .selectAll()
      .where((where) => where.and(Object.fromEntries(Object.entries(equal).filter(([, value]) => value !== undefined))))
      .$if(from !== undefined, (query) => query.where('occurred_at', '>=', from!))
      .$if(to !== undefined, (query) => query.where('occurred_at', '<', to!))
      .$if(after !== undefined, (query) => query.where('seq', way === 'asc' ? '>' : '<', after!))
      .orderBy('seq', way)
      .limit(limit + 1),
  )
    .orderBy('seq', way)
    .execute()
  const rows = found.slice(0, limit)
  const [hasMore, hasBehind] = [found.length > limit, after !== undefined]
  return direction === 'next'
    ? { rows, hasNext: hasMore, hasPrevious: hasBehind }
    : { rows: rows.reverse(), hasNext: hasBehind, hasPrevious: hasMore }
}

export function findAuditEvent(db: Db, id: string): Promise<AuditEventRow | undefined> {
  return withKeysAndSeal(db, db.selectFrom('audit_events').selectAll().where('id', '=', id)).executeTakeFirst()
}

/** An event as it is stored, the keys of those its values belong to, and the number of the seal that holds it. */
export type AuditEventRow = StoredEvent & {
  changes_key: Buffer | null
  origin_key: Buffer | null
  sealed: string | null
}

type Events = SelectQueryBuilder<Tables, 'audit_events', StoredEvent>

/** For few rows: what belongs to them is looked up one by one. */
function withKeysAndSeal(db: Db, events: Events) {
  return db
    .selectFrom(events.as('event'))
    .leftJoin('subject_keys as subject', 'subject.user_id', 'event.subject_id')
    .leftJoin('subject_keys as origin', (join) =>
      join.on('origin.user_id', '=', sql<string>`coalesce(event.actor_id, event.subject_id)`),
    )
    .selectAll('event')
    .select(['subject.key as changes_key', 'origin.key as origin_key'])
    .select(
      sql<string | null>`(SELECT min(number) FROM audit_seals
        WHERE int8range(min_seq, max_seq, '[]') @> event.seq AND event.id = ANY (event_ids))`.as('sealed'),
    )
}

export type PersonEventRow = Omit<AuditEventRow, 'sealed'>

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
