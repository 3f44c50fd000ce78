import type { Db } from '../db/database.ts'
import type { UserFilters } from '../queries/userFilters.ts'
import { listUsersAfter } from '../queries/userList.ts'
import type { UserRow } from '../queries/users.ts'

/** A quarter of a megabyte of text: enough that round trips count for little, little enough to keep. */
const rows = 1000

/**
 * All users that fit, piece by piece in the order of their ids. An id never changes, so a user who is there and fits from
 * beginning to end appears exactly once. No connection and no snapshot is kept while the reader takes its time.
 */
export async function* readAllUsers(db: Db, filters: UserFilters): AsyncGenerator<UserRow[]> {
  let id: string | undefined
  for (;;) {
    const users = await listUsersAfter(db, filters, { id, limit: rows })
    if (users.length > 0) yield users
    if (users.length < rows) return
    id = users.at(-1)?.id
  }
}
