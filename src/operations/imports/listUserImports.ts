import { contract } from '../../../generated/contract.ts'
import type { Context } from '../../context.ts'
import type { Input, Output } from '../../http/operation.ts'
import { listImports, type ImportRow } from '../../queries/userImports.ts'
import { readCursor, writeCursor, type Cursor } from '../../security/cursor.ts'
import { pageLinks } from '../../views/page.ts'
import { toUserImport } from '../../views/userImport.ts'

const list = 'user-imports'

export async function listUserImports(
  { query }: Input<'listUserImports'>,
  { db, cursorKeys }: Context,
): Promise<Output<'listUserImports'>> {
  const { limit } = query
  const keys = cursorKeys()
  const cursor = query.cursor === undefined ? undefined : readCursor(keys, list, query.cursor)
  const { rows, hasNext, hasPrevious } = await listImports(db, {
    column: 'created_at',
    order: 'desc',
    limit,
    direction: cursor?.direction ?? 'next',
    after: cursor?.after,
  })
  const cursorAt = (row: ImportRow | undefined, direction: Cursor['direction']): string | null =>
    row ? writeCursor(keys, list, { direction, after: [row.created_at, row.id] }) : null
  const page = {
    limit,
    next_cursor: hasNext ? cursorAt(rows.at(-1), 'next') : null,
    previous_cursor: hasPrevious ? cursorAt(rows[0], 'previous') : null,
  }
  const headers = { Link: pageLinks(contract.listUserImports.path, query, page) }
  return { status: 200, headers, body: { data: rows.map(toUserImport), page } }
}
