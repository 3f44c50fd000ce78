import { sql } from 'kysely'
import type { Db, Tx } from '../db/database.ts'
import type { UserRow } from './users.ts'

/** The key by which deleted users are read, page by page. */
export type DeletedUser = Pick<UserRow, 'id'> & { deleted_at: string }

/** Users who were deleted more than `days` ago, the first of them first. */
export function listOverdueUsers(
  db: Db,
  days: number,
  { after, limit }: { after: DeletedUser | undefined; limit: number },
): Promise<DeletedUser[]> {
  return db
    .selectFrom('users')
    .select(['id', 'deleted_at'])
    .where(isOverdue(days))
    .$if(after !== undefined, (query) =>
      query.where(sql<boolean>`(deleted_at, id) > (${after?.deleted_at}, ${after?.id})`),
    )
    .orderBy('deleted_at')
    .orderBy('id')
    .limit(limit)
    .$narrowType<{ deleted_at: string }>()
    .execute()
}

/** Locks one of them; undefined where somebody else has it locked, has restored or has erased it. */
export function lockOverdueUser(tx: Tx, id: string, days: number): Promise<UserRow | undefined> {
  return tx
    .selectFrom('users')
    .selectAll()
    .where('id', '=', id)
    .where(isOverdue(days))
    .forUpdate()
    .skipLocked()
    .executeTakeFirst()
}

const isOverdue = (days: number) => sql<boolean>`deleted_at < now() - make_interval(days => ${days})`
