import { sql, type Insertable, type Selectable } from 'kysely'
import type { Db, Tx } from '../db/database.ts'
import { selectPage, type PageRequest, type Rows } from '../db/page.ts'
import type { UserImportsTable } from '../db/importTables.ts'
import { isPicked } from '../db/picked.ts'

export type ImportRow = Selectable<UserImportsTable>
export type NewImport = Pick<
  Insertable<UserImportsTable>,
  'id' | 'format' | 'dry_run' | 'on_conflict' | 'created_by' | 'origin' | 'idempotency_key' | 'upload_id'
>
/** An upload, or a worker, by the id that it alone knows. */
export interface Holder {
  id: string
  holderId: string
}

/** Undefined where the same person has an import under the same key. */
export function insertImport(tx: Tx, row: NewImport): Promise<ImportRow | undefined> {
  return tx
    .insertInto('user_imports')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst()
}

export function findImport(db: Db, id: string): Promise<ImportRow | undefined> {
  return db.selectFrom('user_imports').selectAll().where('id', '=', id).executeTakeFirst()
}

export function lockImport(tx: Tx, id: string): Promise<ImportRow | undefined> {
  return tx.selectFrom('user_imports').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

export function lockImportByKey(tx: Tx, createdBy: string, key: string): Promise<ImportRow | undefined> {
  const query = tx.selectFrom('user_imports').selectAll()
  return query.where('created_by', '=', createdBy).where('idempotency_key', '=', key).forUpdate().executeTakeFirst()
}

export function listImports(db: Db, page: PageRequest<'created_at'>): Promise<Rows<ImportRow>> {
  return selectPage(db.selectFrom('user_imports').selectAll(), page)
}

/** Another upload begins in the place of the one before. */
export function restartUpload(tx: Tx, { id, holderId }: Holder): Promise<ImportRow> {
  return tx
    .updateTable('user_imports')
    .set({ upload_id: holderId, received_bytes: 0, received_at: sql`now()` })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Undefined where another upload has taken its place, or the import was cancelled. */
export function completeUpload(tx: Tx, { id, holderId }: Holder, sha256: Buffer): Promise<ImportRow | undefined> {
  return tx
    .updateTable('user_imports')
    .set({ status: 'pending', content_sha256: sha256 })
    .where('id', '=', id)
    .where('upload_id', '=', holderId)
    .where('status', '=', 'receiving')
    .returningAll()
    .executeTakeFirst()
}

/**
 * Takes an import that nobody works on for `leaseSeconds`, the one that waits longest or the one asked for. Whoever dies
 * with it leaves it to others afterwards.
 */
export function leaseImport(
  db: Db,
  { leaseId, leaseSeconds, id }: { leaseId: string; leaseSeconds: number; id?: string | undefined },
): Promise<ImportRow | undefined> {
  const due = db
    .selectFrom('user_imports')
    .select('id')
    .where('status', 'in', ['pending', 'running'])
    .where(sql<boolean>`(leased_until IS NULL OR leased_until < now())`)
    .$if(id !== undefined, (query) => query.where('id', '=', id!))
    .orderBy('created_at')
    .limit(1)
    .forUpdate()
    .skipLocked()
  return db
    .updateTable('user_imports')
    .set({ status: 'running', started_at: sql`coalesce(started_at, now())`, lease_id: leaseId })
    .set({ leased_until: until(leaseSeconds) })
    .where(isPicked('id', due))
    .returningAll()
    .executeTakeFirst()
}

/** Whether the import is still this worker's; it stays so for `leaseSeconds`. */
export async function prolongLease(db: Db, holder: Holder, leaseSeconds: number): Promise<boolean> {
  const { numUpdatedRows } = await held(db, holder)
    .set({ leased_until: until(leaseSeconds) })
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}

export async function releaseLease(db: Db, holder: Holder): Promise<void> {
  await held(db, holder).set({ leased_until: null }).execute()
}

/** Keeps everybody else from the import until the transaction ends; undefined where it is not this worker's any more. */
export function lockLeasedImport(tx: Tx, { id, holderId }: Holder): Promise<ImportRow | undefined> {
  const query = tx.selectFrom('user_imports').selectAll().where('id', '=', id)
  return query.where('lease_id', '=', holderId).where('status', '=', 'running').forUpdate().executeTakeFirst()
}

export interface Progress {
  bytes: number
  line: number
  columns: string[] | null
  counts: Record<'created' | 'updated' | 'skipped' | 'failed', number>
}

/** The lease begins anew. */
export async function recordProgress(
  tx: Tx,
  id: string,
  { bytes, line, columns, counts }: Progress,
  leaseSeconds: number,
): Promise<void> {
  await tx
    .updateTable('user_imports')
    .set({ position_bytes: bytes, position_line: line, columns, leased_until: until(leaseSeconds) })
    .set((row) => ({
      created: row('created', '+', counts.created),
      updated: row('updated', '+', counts.updated),
      skipped: row('skipped', '+', counts.skipped),
      failed: row('failed', '+', counts.failed),
    }))
    .where('id', '=', id)
    .execute()
}

export function endImport(
  tx: Tx,
  id: string,
  end: { status: 'completed' | 'cancelled' | 'failed'; problem?: string },
): Promise<ImportRow> {
  return tx
    .updateTable('user_imports')
    .set({ ...end, finished_at: sql`now()`, lease_id: null, leased_until: null })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** At most `limit` imports that ended 30 days ago, or whose upload was cut a day ago; answers how many. */
export async function deleteOldImports(db: Db, limit: number): Promise<number> {
  const old = db
    .selectFrom('user_imports')
    .select('id')
    .where(
      sql<boolean>`(finished_at < now() - interval '30 days'
      OR (status = 'receiving' AND received_at < now() - interval '1 day'))`,
    )
    .where(sql<boolean>`NOT EXISTS (SELECT FROM user_import_results WHERE import_id = user_imports.id)`)
    .where(sql<boolean>`NOT EXISTS (SELECT FROM user_import_chunks WHERE import_id = user_imports.id)`)
    .limit(limit)
    .forUpdate()
    .skipLocked()
  const result = await db.deleteFrom('user_imports').where(isPicked('id', old)).executeTakeFirstOrThrow()
  return Number(result.numDeletedRows)
}

function held(db: Db, { id, holderId }: Holder) {
  return db
    .updateTable('user_imports')
    .where('id', '=', id)
    .where('lease_id', '=', holderId)
    .where('status', '=', 'running')
}

function until(seconds: number) {
  return sql<string>`now() + make_interval(secs => ${seconds})`
}
