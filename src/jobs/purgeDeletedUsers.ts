import type { Context } from '../context.ts'
import { inBatches } from '../db/batches.ts'
import type { Db } from '../db/database.ts'
import { inTransaction } from '../db/transaction.ts'
import { eraseUser } from '../domain/eraseUser.ts'
import { listOverdueUsers, lockOverdueUser, type DeletedUser } from '../queries/deletedUsers.ts'
import { describeFailure } from './failure.ts'

const client = { ip: '', userAgent: undefined, requestId: 'purge-deleted-users', traceId: undefined }

/**
 * Erases users who were deleted longer ago than DELETED_USER_RETENTION_DAYS, each in a transaction of its own, and answers
 * how many. Safe on any number of instances: whom another one has in hand is passed over, and so is whoever is restored in
 * between. One who cannot be erased is logged, holds up no other and is tried again the next time.
 */
export async function purgeDeletedUsers(
  { config, db, logger }: Pick<Context, 'config' | 'db' | 'logger'>,
  signal?: AbortSignal,
): Promise<number> {
  const days = config.users.deletedRetentionDays
  if (days === 0) return 0
  let purged = 0
  for await (const batch of inBatches<DeletedUser>((start) => listOverdueUsers(db, days, start))) {
    for (const { id } of batch) {
      if (signal?.aborted) return purged
      try {
        if (await purge(db, id, days)) purged += 1
      } catch (error) {
        logger.error({ ...describeFailure(error), user_id: id }, 'a deleted user could not be erased')
      }
    }
  }
  return purged
}

/** Nobody deleted has a session, so no cache has to be told. */
function purge(db: Db, id: string, days: number): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    const user = await lockOverdueUser(tx, id, days)
    if (!user) return false
    await eraseUser(tx, user, 'retention', { actor: undefined, client })
    return true
  })
}
