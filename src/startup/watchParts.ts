import type { Readiness } from '../jobs/probe.ts'
import type { Metrics } from '../platform/metrics.ts'
import type { RedisConnection } from '../platform/redis.ts'
import type { KeyRing } from '../security/keyRing.ts'
import type { Passwords } from '../security/passwords.ts'

interface Parts {
  pool: { totalCount: number; idleCount: number; waitingCount: number; options: { max: number } }
  passwords: Passwords
  readiness: Readiness
  redis: RedisConnection | undefined
  keys: KeyRing
}

/** What the parts know of themselves, read when Prometheus asks. */
export function watchParts({ watch, watchEach }: Metrics, { pool, passwords, readiness, redis, keys }: Parts): void {
  watchEach('user_management_database_connections', 'Connections of the pool, by state.', 'state', () => ({
    used: pool.totalCount - pool.idleCount,
    idle: pool.idleCount,
  }))
  watch('user_management_database_waiting', 'Requests that wait for a connection.', () => pool.waitingCount)
  watch('user_management_database_pool_size', 'Connections at most.', () => pool.options.max)
  watchEach('user_management_password_hashes', 'Password hashes, by state.', 'state', () => ({
    running: passwords.stats.active,
    waiting: passwords.stats.queued,
  }))
  watchEach('user_management_dependency_up', 'Whether what the service needs is well, 1 or 0.', 'dependency', () => {
    const { database, migrations } = readiness.checks()
    return {
      database: database === 'ok' ? 1 : 0,
      migrations: migrations === 'ok' ? 1 : 0,
      keys: keys.isCurrent() ? 1 : 0,
      ...(redis && { redis: redis.state().isUp ? 1 : 0 }),
    }
  })
}
