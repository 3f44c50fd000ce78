import { sql, type Selectable } from 'kysely'
import type { Db, Tx } from '../db/database.ts'
import type { Rows } from '../db/page.ts'
import type { RowStatus, UserImportResultsTable } from '../db/importTables.ts'

export type ResultRow = Selectable<UserImportResultsTable>
export interface NewResult {
  line: number
  status: RowStatus
  user_id: string | null
  problem: object | null
}

export async function insertResults(tx: Tx, importId: string, results: NewResult[]): Promise<void> {
  await sql`
    INSERT INTO user_import_results (import_id, line, status, user_id, problem)
    SELECT ${importId}, line, status, user_id, problem
    FROM json_to_recordset(${JSON.stringify(results)}::json)
      AS given (line integer, status text, user_id uuid, problem jsonb)`.execute(tx)
}

export interface ResultPage {
  limit: number
  direction: 'next' | 'previous'
  /** The line next to the page; undefined at the ends. */
  after: number | undefined
  status: RowStatus | undefined
}

/** One page in the order of the file. */
export async function listResults(
  db: Db,
  importId: string,
  { limit, direction, after, status }: ResultPage,
): Promise<Rows<ResultRow>> {
  const isNext = direction === 'next'
  const found = await db
    .selectFrom('user_import_results')
    .selectAll()
    .where('import_id', '=', importId)
    .$if(status !== undefined, (query) => query.where('status', '=', status!))
    // What the index of failures wants to hear.
    .$if(status !== undefined && status !== 'created', (query) => query.where('status', '<>', 'created'))
    .$if(after !== undefined, (query) => query.where('line', isNext ? '>' : '<', after!))
    .orderBy('line', isNext ? 'asc' : 'desc')
    .limit(limit + 1)
    .execute()
  const hasMore = found.length > limit
  const rows = found.slice(0, limit)
  return isNext
    ? { rows, hasNext: hasMore, hasPrevious: after !== undefined }
    : { rows: rows.reverse(), hasNext: true, hasPrevious: hasMore }
}

/** What became of the rows about one user, in the order of imports and lines. */
export function listResultsOf(
  db: Db,
  userId: string,
  { after, limit }: { after: Pick<ResultRow, 'import_id' | 'line'> | undefined; limit: number },
): Promise<Pick<ResultRow, 'import_id' | 'line' | 'status'>[]> {
  return db
    .selectFrom('user_import_results')
    .select(['import_id', 'line', 'status'])
    .where('user_id', '=', userId)
    .$if(after !== undefined, (query) =>
      query.where(sql<boolean>`(import_id, line) > (${after!.import_id}::uuid, ${after!.line}::integer)`),
    )
    .orderBy('import_id')
    .orderBy('line')
    .limit(limit)
    .execute()
}

/**
 * Leaves of these rows their line and what became of it, so that the results still add up; answers how many there were.
 * Written anew because the application may not change a result.
 */
export async function disownResults(tx: Tx, userId: string): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    WITH disowned AS (DELETE FROM user_import_results WHERE user_id = ${userId} RETURNING import_id, line, status, problem)
    INSERT INTO user_import_results (import_id, line, status, problem)
    SELECT import_id, line, status, problem FROM disowned`.execute(tx)
  return Number(numAffectedRows)
}

/** At most `limit` results of imports that ended 30 days ago; answers how many. */
export async function deleteOldResults(db: Db, limit: number): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    WITH picked AS MATERIALIZED (
      SELECT import_id, line FROM user_import_results JOIN user_imports ON user_imports.id = import_id
      WHERE finished_at < now() - interval '30 days'
      LIMIT ${limit} FOR UPDATE OF user_import_results SKIP LOCKED)
    DELETE FROM user_import_results WHERE (import_id, line) IN (SELECT import_id, line FROM picked)`.execute(db)
  return Number(numAffectedRows)
}
