import { sql } from 'kysely'
import type { components } from '../../generated/openapi.ts'
import type { Db } from '../db/database.ts'
import { pendingMigrations } from '../db/migrate.ts'

/** What the service cannot do without. */
type Checks = Omit<components['schemas']['Readiness']['checks'], 'redis' | 'keys'>

export interface Readiness {
  /** What the last probe saw. */
  checks(): Checks
  /** Whether the database was ever ready; until then nothing is served. */
  isStarted(): boolean
  /** Probes now and then every second. */
  start(): Promise<void>
  /** From here on the service is not ready, however well its parts are: it finishes what is under way. */
  drain(): void
  stop(): void
}

const interval = 1000 // milliseconds between two probes

/**
 * Watches the dependencies in the background, so that asking for the state costs nothing and waits for nobody. A probe
 * that hangs counts as failing once the next is due.
 */
export function createReadiness(db: Db): Readiness {
  const checks: Checks = { database: 'failing', migrations: 'pending', server: 'ok' }
  let isStarted = false
  let isProbing = false
  let timer: NodeJS.Timeout | undefined

  async function probe(): Promise<void> {
    if (isProbing) {
      checks.database = 'failing'
      return
    }
    isProbing = true
    try {
      await sql`SELECT 1`.execute(db)
      // Migrations only ever go forward: once current, always current for this process.
      if (checks.migrations !== 'ok' && (await pendingMigrations(db)).length === 0) checks.migrations = 'ok'
      checks.database = 'ok'
      isStarted ||= checks.migrations === 'ok'
    } catch {
      checks.database = 'failing'
    } finally {
      isProbing = false
    }
  }

  return {
    checks: () => ({ ...checks }),
    isStarted: () => isStarted,
    async start() {
      await probe()
      timer = setInterval(() => void probe(), interval).unref()
    },
    drain: () => void (checks.server = 'stopping'),
    stop: () => clearInterval(timer),
  }
}
