import { sql, type RawBuilder, type SelectQueryBuilder } from 'kysely'

/**
 * `id = ANY (ARRAY (SELECT id … LIMIT n FOR UPDATE SKIP LOCKED))`, for statements that change the rows they pick. Where it
 * says `id IN (SELECT …)` PostgreSQL may run the pick again for each row of the table; the rows changed so far are no longer
 * among those that can be locked, so each time others are picked, and all of them are changed in the end.
 */
export function isPicked<Database, Table extends keyof Database, Picked>(
  column: string,
  pick: SelectQueryBuilder<Database, Table, Picked>,
): RawBuilder<boolean> {
  return sql<boolean>`${sql.ref(column)} = ANY (ARRAY (${pick}))`
}
