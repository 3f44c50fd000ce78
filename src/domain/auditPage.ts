import type { Db } from '../db/database.ts'
import { listAuditEvents, type AuditEventRow, type AuditFilters } from '../queries/auditEvents.ts'
import { readCursor, writeCursor, type Cursor, type CursorKeys } from '../security/cursor.ts'
import { openValues, type OpenedValues } from './auditValues.ts'

/** An event with its values, as far as they can still be read. */
export interface OpenedEvent {
  row: AuditEventRow
  values: OpenedValues
}

export interface AuditPage {
  events: OpenedEvent[]
  page: { limit: number; next_cursor: string | null; previous_cursor: string | null }
}

export interface AuditPageRequest {
  limit: number
  sort: 'occurred_at' | '-occurred_at'
  cursor: string | undefined
  filters: AuditFilters
}

/** One page of the trail. Throws `invalid-cursor` for a cursor of another list. */
export async function readAuditPage(
  db: Db,
  keys: CursorKeys,
  { limit, sort, cursor: text, filters }: AuditPageRequest,
): Promise<AuditPage> {
  const list = JSON.stringify({ list: 'audit', sort, ...filters })
  const cursor = text === undefined ? undefined : readCursor(keys, list, text)
  const { rows, hasNext, hasPrevious } = await listAuditEvents(db, filters, {
    order: sort === 'occurred_at' ? 'asc' : 'desc',
    limit,
    direction: cursor?.direction ?? 'next',
    after: cursor?.after[0],
  })
  const cursorAt = (row: AuditEventRow | undefined, direction: Cursor['direction']): string | null =>
    row ? writeCursor(keys, list, { direction, after: [row.seq, row.id] }) : null
  return {
    events: rows.map(openEvent),
    page: {
      limit,
      next_cursor: hasNext ? cursorAt(rows.at(-1), 'next') : null,
      previous_cursor: hasPrevious ? cursorAt(rows[0], 'previous') : null,
    },
  }
}

export function openEvent(row: AuditEventRow): OpenedEvent {
  return { row, values: openValues(row, row) }
}
