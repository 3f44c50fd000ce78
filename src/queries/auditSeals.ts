import { sql, type Insertable, type Selectable } from 'kysely'
import type { Db, Tx } from '../db/database.ts'
import type { AuditSealsTable } from '../db/auditTables.ts'

export type SealRow = Selectable<AuditSealsTable>
export type NewSeal = Insertable<AuditSealsTable>
type HeadColumn = Exclude<keyof SealRow, 'event_ids' | 'leaf_hashes' | 'open_writers'>
export type SealHeadRow = Pick<SealRow, HeadColumn>

const headColumns = [
  ...['number', 'previous_hash', 'row_format', 'event_count', 'root', 'min_seq', 'max_seq', 'settled_seq'],
  ...['highest_seq', 'sealed_at', 'key_id', 'public_key', 'signature', 'hash'],
] as HeadColumn[]

/** Until the transaction ends no other instance seals. Answers false where one does just now. */
export async function lockSealing(tx: Tx): Promise<boolean> {
  const { rows } = await sql<{ is_locked: boolean }>`
    SELECT pg_try_advisory_xact_lock(hashtext('audit_seals')) AS is_locked`.execute(tx)
  return rows[0]?.is_locked === true
}

export function findLastSeal(db: Db): Promise<Pick<SealRow, HeadColumn | 'open_writers'> | undefined> {
  const query = db.selectFrom('audit_seals').select([...headColumns, 'open_writers'])
  return query.orderBy('number', 'desc').limit(1).executeTakeFirst()
}

/**
 * The transactions that have drawn a number for an event and not ended. They hold this lock from before they draw until
 * everybody can see what they wrote; the numbers of transactions would not do, since one gets its own after it has drawn.
 */
export async function listOpenWriters(db: Db): Promise<string[]> {
  const { rows } = await sql<{ writer: string }>`
    SELECT DISTINCT virtualtransaction AS writer FROM pg_locks
    WHERE locktype = 'relation' AND relation = 'audit_events'::regclass AND mode = 'RowExclusiveLock' AND granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`.execute(db)
  return rows.map(({ writer }) => writer)
}

export async function insertSeal(tx: Tx, seal: NewSeal): Promise<void> {
  await tx.insertInto('audit_seals').values(seal).execute()
}

/** The database's clock, by which seals are dated. */
export async function readClock(db: Db): Promise<string> {
  const { rows } = await sql<{ now: string }>`SELECT clock_timestamp() AS now`.execute(db)
  return rows[0]!.now
}

/** Heads and hashes in the order of the chain, from behind `afterNumber`. */
export function listSealChain(
  db: Db,
  afterNumber: string,
  limit: number,
): Promise<Pick<SealRow, HeadColumn | 'leaf_hashes'>[]> {
  const query = db.selectFrom('audit_seals').select([...headColumns, 'leaf_hashes'])
  return query.where('number', '>', afterNumber).orderBy('number').limit(limit).execute()
}

type SealContents = Pick<SealRow, 'number' | 'min_seq' | 'max_seq' | 'row_format' | 'event_ids' | 'leaf_hashes'>

/** What seals hold, in the order in which their events come, for seals from `fromNumber` up to `toNumber`. */
export async function listSealContents(
  db: Db,
  range: { fromNumber: string; toNumber: string; after: { min_seq: string; number: string } | undefined },
  limit: number,
): Promise<SealContents[]> {
  const { after, fromNumber, toNumber } = range
  const rows = await db
    .selectFrom('audit_seals')
    .select(['number', 'min_seq', 'max_seq', 'row_format', 'leaf_hashes'])
    // pg reads an array sign by sign, which would take a tenth of the whole verification.
    .select(sql<string>`array_to_string(event_ids, ' ')`.as('event_ids'))
    .where('number', '>=', fromNumber)
    .where('number', '<=', toNumber)
    .$if(after !== undefined, (query) =>
      query.where(sql<boolean>`(min_seq, number) > (${after?.min_seq}, ${after?.number})`),
    )
    .orderBy('min_seq')
    .orderBy('number')
    .limit(limit)
    .execute()
  return rows.map((row) => ({ ...row, event_ids: row.event_ids.split(' ') }))
}

/** The seal that holds an event, with the place in it, counted from 1. */
export async function findSealOf(
  db: Db,
  event: { id: string; seq: string },
): Promise<(SealHeadRow & { leaf_hashes: Buffer; position: number }) | undefined> {
  return db
    .selectFrom('audit_seals')
    .select([...headColumns, 'leaf_hashes'])
    .select(sql<number>`array_position(event_ids, ${event.id}::uuid)`.as('position'))
    .where(sql<boolean>`int8range(min_seq, max_seq, '[]') @> ${event.seq}::bigint`)
    .where(sql<boolean>`${event.id}::uuid = ANY (event_ids)`)
    .orderBy('number')
    .limit(1)
    .executeTakeFirst()
}

/** The first seal made at or after a moment, or the one of a number. */
export async function findFirstSeal(db: Db, since: { number: string } | { time: string }): Promise<string | undefined> {
  const query = db.selectFrom('audit_seals').select('number').orderBy('number').limit(1)
  const found =
    'number' in since ? query.where('number', '>=', since.number) : query.where('sealed_at', '>=', since.time)
  return (await found.executeTakeFirst())?.number
}

export function findSealHead(db: Db, number: string): Promise<SealHeadRow | undefined> {
  return db.selectFrom('audit_seals').select(headColumns).where('number', '=', number).executeTakeFirst()
}

/** Which of these events some seal holds. */
export async function listSealed(db: Db, events: readonly { id: string; seq: string }[]): Promise<string[]> {
  const [ids, seqs] = [events.map(({ id }) => id), events.map(({ seq }) => seq)]
  const { rows } = await sql<{ id: string }>`
    SELECT event.id FROM unnest(${ids}::uuid[], ${seqs}::bigint[]) AS event (id, seq)
    WHERE EXISTS (SELECT FROM audit_seals
      WHERE int8range(min_seq, max_seq, '[]') @> event.seq AND event.id = ANY (event_ids))`.execute(db)
  return rows.map(({ id }) => id)
}

/** How long the first event beyond the last seal has been waiting for its own; 0 where none is. */
export async function secondsUnsealed(db: Db): Promise<number> {
  const { rows } = await sql<{ seconds: number }>`
    SELECT extract(epoch FROM clock_timestamp() - occurred_at)::float8 AS seconds FROM audit_events
    WHERE seq > coalesce((SELECT highest_seq FROM audit_seals ORDER BY number DESC LIMIT 1), 0)
    ORDER BY seq LIMIT 1`.execute(db)
  return rows[0]?.seconds ?? 0
}
