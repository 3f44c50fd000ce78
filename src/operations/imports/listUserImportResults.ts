import { contract } from '../../../generated/contract.ts'
import type { Context } from '../../context.ts'
import type { Input, Output } from '../../http/operation.ts'
import { Problem } from '../../problem.ts'
import { listResults, type ResultRow } from '../../queries/userImportResults.ts'
import { findImport } from '../../queries/userImports.ts'
import { readCursor, writeCursor, type Cursor } from '../../security/cursor.ts'
import { pageLinks } from '../../views/page.ts'
import { toUserImportResult } from '../../views/userImport.ts'

export async function listUserImportResults(
  { path, query }: Input<'listUserImportResults'>,
  { db, cursorKeys }: Context,
): Promise<Output<'listUserImportResults'>> {
  const { limit, status } = query
  const keys = cursorKeys()
  const list = JSON.stringify({ import: path.import_id, status })
  const cursor = query.cursor === undefined ? undefined : readCursor(keys, list, query.cursor)
  if (!(await findImport(db, path.import_id))) throw new Problem('not-found')
  const { rows, hasNext, hasPrevious } = await listResults(db, path.import_id, {
    limit,
    direction: cursor?.direction ?? 'next',
    after: cursor && Number(cursor.after[0]),
    status,
  })
  const cursorAt = (row: ResultRow | undefined, direction: Cursor['direction']): string | null =>
    row ? writeCursor(keys, list, { direction, after: [String(row.line), row.import_id] }) : null
  const page = {
    limit,
    next_cursor: hasNext ? cursorAt(rows.at(-1), 'next') : null,
    previous_cursor: hasPrevious ? cursorAt(rows[0], 'previous') : null,
  }
  const address = contract.listUserImportResults.path.replace('{import_id}', path.import_id)
  const headers = { Link: pageLinks(address, query, page) }
  return { status: 200, headers, body: { data: rows.map(toUserImportResult), page } }
}
