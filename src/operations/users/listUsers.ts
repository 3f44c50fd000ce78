import { contract } from '../../../generated/contract.ts'
import type { Context } from '../../context.ts'
import type { Input, Output } from '../../http/operation.ts'
import { Problem } from '../../problem.ts'
import { listUsers as selectUsers, type ListedUser } from '../../queries/userList.ts'
import { countUsers } from '../../queries/userTotal.ts'
import { readCursor, writeCursor, type Cursor } from '../../security/cursor.ts'
import { hasPermission } from '../../security/permissions.ts'
import { pageLinks, toTotal } from '../../views/page.ts'
import { toUserOrDeleted, toUser } from '../../views/user.ts'

export async function listUsers(
  { query, actor }: Input<'listUsers'>,
  { db, cursorKeys }: Context,
): Promise<Output<'listUsers'>> {
  const { limit, cursor: text, include_total, sort, ...filters } = query
  if (filters.deleted !== 'exclude' && !hasPermission(actor.role, 'users:delete')) throw forbiddenDeleted()
  const keys = cursorKeys()
  // Sorted, so that the order in which parameters are sent does not matter.
  const list = JSON.stringify(Object.entries({ ...filters, sort }).sort())
  const cursor = text === undefined ? undefined : readCursor(keys, list, text)
  const order = sort.startsWith('-') ? 'desc' : 'asc'
  const column = sort.replace('-', '') as Exclude<typeof sort, `-${string}`>
  const request = { column, order, limit, direction: cursor?.direction ?? 'next', after: cursor?.after } as const
  const { rows, hasNext, hasPrevious } = await selectUsers(db, filters, request)
  const cursorAt = (row: ListedUser | undefined, direction: Cursor['direction']): string | null =>
    row ? writeCursor(keys, list, { direction, after: [row.sort_key, row.id] }) : null
  const page = {
    limit,
    next_cursor: hasNext ? cursorAt(rows.at(-1), 'next') : null,
    previous_cursor: hasPrevious ? cursorAt(rows[0], 'previous') : null,
    ...(include_total ? toTotal(await countUsers(db, filters)) : {}),
  }
  const headers = { Link: pageLinks(contract.listUsers.path, query, page) }
  const data = rows.map(filters.deleted === 'exclude' ? toUser : toUserOrDeleted)
  return { status: 200, headers, body: { data, page } }
}

function forbiddenDeleted(): Problem {
  const detail = 'Deleted users are shown to administrators alone.'
  return new Problem('forbidden', { detail, errors: [{ in: 'query', name: 'deleted', code: 'forbidden', detail }] })
}
