import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from '../platform/logger.ts'
import { isUnavailable } from './errors.ts'
import { migrate } from './migrate.ts'

const longestPause = 5000 // milliseconds

/**
 * Migrates the database and lets `finish` do what else has to be there, again and again while the database is not up,
 * until `signal` says otherwise. Answers what `finish` does.
 */
export async function prepareDatabase<Result>(
  url: string,
  finish: () => Promise<Result>,
  { logger, signal }: { logger: Logger; signal: AbortSignal },
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const applied = await migrate(url)
      if (applied.length > 0) logger.info({ migrations: applied }, 'the database was migrated')
      return await finish()
    } catch (error) {
      if (!isUnavailable(error)) throw error
      const pause = Math.min(longestPause, 250 * attempt)
      logger.warn({ err: error, retry_in_ms: pause }, 'the database is not available yet')
      await sleep(pause, undefined, { signal })
    }
  }
}
