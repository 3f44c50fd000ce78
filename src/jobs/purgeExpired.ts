import type { Context } from '../context.ts'
import type { Db } from '../db/database.ts'
import { deleteExpiredKeys } from '../queries/idempotencyKeys.ts'
import { deleteOldMailLog } from '../queries/mailLog.ts'
import { deleteExpiredMailTokens } from '../queries/mailTokens.ts'
import { deleteOldRefreshTokens } from '../queries/refreshTokens.ts'
import { deleteExpiredRegistrations } from '../queries/registrations.ts'
import { deleteOldSessions } from '../queries/sessions.ts'
import { deleteOldResults } from '../queries/userImportResults.ts'
import { deleteOldImports } from '../queries/userImports.ts'
import { describeFailure } from './failure.ts'

/** Rows of one statement, few enough to be done within the statement timeout. */
const batch = 1000

/** Refresh tokens come before sessions, which would take thousands along in one statement; results before their import. */
const purges: Record<string, (db: Db, limit: number) => Promise<number>> = {
  mail_tokens: deleteExpiredMailTokens,
  registrations: deleteExpiredRegistrations,
  mail_log: deleteOldMailLog,
  idempotency_keys: deleteExpiredKeys,
  refresh_tokens: deleteOldRefreshTokens,
  sessions: deleteOldSessions,
  user_import_results: deleteOldResults,
  user_imports: deleteOldImports,
}

/**
 * Removes what nobody can use any more. Safe on any number of instances: each row is deleted once, whoever does it.
 * Sessions and spent refresh tokens are kept until no token of theirs could still come back, so that reuse is noticed.
 * What fails is logged and tried again the next time; the other tables are purged all the same.
 */
export async function purgeExpired(
  { db, logger }: Pick<Context, 'db' | 'logger'>,
  signal?: AbortSignal,
): Promise<void> {
  for (const [table, purge] of Object.entries(purges)) {
    try {
      while (!signal?.aborted && (await purge(db, batch)) === batch);
    } catch (error) {
      logger.error({ ...describeFailure(error), table }, 'old rows could not be removed')
    }
  }
}
