import type { Context } from '../context.ts'
import { inTransaction } from '../db/transaction.ts'
import { deleteExpiredMailTokens } from '../queries/mailTokens.ts'
import { deleteOldRefreshTokens } from '../queries/refreshTokens.ts'
import { deleteExpiredRegistrations } from '../queries/registrations.ts'
import { deleteOldSessions } from '../queries/sessions.ts'

/**
 * Removes what nobody can use any more. Safe on any number of instances: each row is deleted once, whoever does it.
 * Sessions and spent refresh tokens are kept until no token of theirs could still come back, so that reuse is noticed.
 */
export async function purgeExpired({ db }: Pick<Context, 'db'>): Promise<void> {
  await inTransaction(db, async (tx) => {
    await deleteExpiredMailTokens(tx)
    await deleteExpiredRegistrations(tx)
    await deleteOldRefreshTokens(tx)
    await deleteOldSessions(tx)
  })
}
