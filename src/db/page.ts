import { sql, type RawBuilder, type SelectQueryBuilder } from 'kysely'

/** Which way a page goes from where. */
export interface Place {
  order: 'asc' | 'desc'
  direction: 'next' | 'previous'
  /** The sort value, as the database writes it, and the id of the row next to the page; undefined at the ends. */
  after: [value: string, id: string] | undefined
}

/** Where a page begins and which way it goes. Rows of one value are ordered by id, so the order is total. */
export interface PageRequest<Column extends string> extends Place {
  column: Column
  limit: number
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
  page: PageRequest<Column>,
): Promise<Rows<Row>> {
  const found = await seek(query, sql.ref(page.column), page)
    .limit(page.limit + 1)
    .execute()
  return toRows(found, page)
}

/** What lies beyond the place, in the order in which the page is read: from the place away. `key` is what is sorted by. */
export function seek<Database, Table extends keyof Database, Row>(
  query: SelectQueryBuilder<Database, Table, Row>,
  key: RawBuilder<unknown>,
  place: Place,
): SelectQueryBuilder<Database, Table, Row> {
  const { after } = place
  const ascending = (place.order === 'asc') === (place.direction === 'next')
  const way = ascending ? sql`ASC` : sql`DESC`
  return query
    .$if(after !== undefined, (each) =>
      each.where(sql<boolean>`(${key}, id) ${ascending ? sql`>` : sql`<`} (${after?.[0]}, ${after?.[1]})`),
    )
    .orderBy(sql`${key} ${way}, id ${way}`)
}

/** `found` is what `seek` finds, one more than the page holds where there are as many. */
export function toRows<Row>(found: Row[], { limit, direction, after }: Place & { limit: number }): Rows<Row> {
  const hasMore = found.length > limit
  const rows = found.slice(0, limit)
  return direction === 'next'
    ? { rows, hasNext: hasMore, hasPrevious: after !== undefined }
    : { rows: rows.reverse(), hasNext: after !== undefined, hasPrevious: hasMore }
}
