import { sql, type SelectQueryBuilder } from 'kysely'

/** Where a page begins and which way it goes. Rows of one value are ordered by id, so the order is total. */
export interface PageRequest<Column extends string> {
  column: Column
  order: 'asc' | 'desc'
  limit: number
  direction: 'next' | 'previous'
  /** The sort value, as the database writes it, and the id of the row next to the page; undefined at the ends. */
  after: [value: string, id: string] | undefined
}

/** The rows of one page in the order of the list. */
export interface Rows<Row> {
  rows: Row[]
  hasNext: boolean
  hasPrevious: boolean
}

/**
 * Reads one page by its key ("seek method"): the cost does not grow with the distance from the start, and rows that
 * are added or removed meanwhile neither repeat nor hide others.
 */
export async function selectPage<Database, Table extends keyof Database, Row, Column extends string>(
  query: SelectQueryBuilder<Database, Table, Row>,
  { column, order, limit, direction, after }: PageRequest<Column>,
): Promise<Rows<Row>> {
  const ascending = (order === 'asc') === (direction === 'next')
  const key = sql`(${sql.ref(column)}, id)`
  const way = ascending ? sql`ASC` : sql`DESC`
  const found = await query
    .$if(after !== undefined, (each) =>
      each.where(sql<boolean>`${key} ${ascending ? sql`>` : sql`<`} (${after?.[0]}, ${after?.[1]})`),
    )
    .orderBy(sql`${sql.ref(column)} ${way}, id ${way}`)
    .limit(limit + 1)
    .execute()
  const hasMore = found.length > limit
  const rows = found.slice(0, limit)
  return direction === 'next'
    ? { rows, hasNext: hasMore, hasPrevious: after !== undefined }
    : { rows: rows.reverse(), hasNext: after !== undefined, hasPrevious: hasMore }
}
