import type { UserFilters } from '../queries/userFilters.ts'
import type { UserRow } from '../queries/users.ts'
import { csvCell } from './csvCell.ts'
import { toUser, toUserOrDeleted } from './user.ts'

const columns = [
  ...(['id', 'username', 'email', 'first_name', 'last_name', 'role', 'is_active', 'email_verified'] as const),
  ...(['last_login_at', 'created_at', 'updated_at'] as const),
]

interface ExportForm {
  format: 'ndjson' | 'csv'
  /** Where deleted users are asked for, each user has the moment of the deletion. */
  deleted: UserFilters['deleted']
}

/** Users as they leave the house: a line of JSON each, or a header and a line of CSV each. */
export async function* exportText(
  pieces: AsyncIterable<UserRow[]>,
  { format, deleted = 'exclude' }: ExportForm,
): AsyncGenerator<string> {
  const [view, shown] =
    deleted === 'exclude' ? [toUser, columns] : [toUserOrDeleted, [...columns, 'deleted_at' as const]]
  if (format === 'csv') yield `${shown.join(',')}\r\n`
  for await (const rows of pieces) {
    const users = rows.map(view)
    yield format === 'csv'
      ? users.map((user) => `${shown.map((column) => csvCell(user[column])).join(',')}\r\n`).join('')
      : users.map((user) => `${JSON.stringify(user)}\n`).join('')
  }
}
