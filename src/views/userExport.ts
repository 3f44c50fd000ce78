import type { UserRow } from '../queries/users.ts'
import { csvCell } from './csvCell.ts'
import { toUser } from './user.ts'

const columns = [
  ...(['id', 'username', 'email', 'first_name', 'last_name', 'role', 'is_active', 'email_verified'] as const),
  ...(['last_login_at', 'created_at', 'updated_at'] as const),
]

/** Users as they leave the house: a line of JSON each, or a header and a line of CSV each. */
export async function* exportText(pieces: AsyncIterable<UserRow[]>, format: 'ndjson' | 'csv'): AsyncGenerator<string> {
  if (format === 'csv') yield `${columns.join(',')}\r\n`
  for await (const rows of pieces) {
    const users = rows.map(toUser)
    yield format === 'csv'
      ? users.map((user) => `${columns.map((column) => csvCell(user[column])).join(',')}\r\n`).join('')
      : users.map((user) => `${JSON.stringify(user)}\n`).join('')
  }
}
