import { contract } from '../../../generated/contract.ts'
import type { Context } from '../../context.ts'
import type { Input, Output } from '../../http/operation.ts'
import * as users from '../../queries/users.ts'
import { readCursor, writeCursor, type Cursor } from '../../security/cursor.ts'
import { pageLinks } from '../../views/page.ts'
import { toUser } from '../../views/user.ts'

export async function listUsers(
  { query }: Input<'listUsers'>,
  { db, cursorKeys }: Context,
): Promise<Output<'listUsers'>> {
  const { limit, sort, role, is_active } = query
  const keys = cursorKeys()
  const list = JSON.stringify({ sort, role, is_active })
  const cursor = query.cursor === undefined ? undefined : readCursor(keys, list, query.cursor)
  const { rows, hasNext, hasPrevious } = await users.listUsers(
    db,
    { role, is_active },
    {
      column: 'created_at',
      order: sort.startsWith('-') ? 'desc' : 'asc',
      limit,
      direction: cursor?.direction ?? 'next',
      after: cursor?.after,
    },
  )
  const cursorAt = (row: users.UserRow | undefined, direction: Cursor['direction']): string | null =>
    row ? writeCursor(keys, list, { direction, after: [row.created_at, row.id] }) : null
  const page = {
    limit,
    next_cursor: hasNext ? cursorAt(rows.at(-1), 'next') : null,
    previous_cursor: hasPrevious ? cursorAt(rows[0], 'previous') : null,
  }
  const headers = { Link: pageLinks(contract.listUsers.path, query, page) }
  return { status: 200, headers, body: { data: rows.map(toUser), page } }
}
