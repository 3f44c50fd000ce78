import type { Readiness } from '../jobs/probe.ts'
import type { LogSink } from '../platform/logSink.ts'
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
export function watchParts(metrics: Metrics, parts: Parts): void {
  metrics.watchEach('user_management_database_connections', 'Connections of the pool: used or idle.', 'state', () => ({
    used: parts.pool.totalCount - parts.pool.idleCount,
    idle: parts.pool.idleCount,
  }))
  metrics.watch(
    'user_management_database_waiting',
    'Requests that wait for a connection.',
    () => parts.pool.waitingCount,
  )
  metrics.watch('user_management_database_pool_size', 'Connections at most.', () => parts.pool.options.max)
  metrics.watchEach('user_management_password_hashes', 'Password hashes: running or waiting.', 'state', () => ({
    running: parts.passwords.stats.active,
    waiting: parts.passwords.stats.queued,
  }))
  const up = 'Whether database, migrations, redis and keys are well: 1 or 0.'
  metrics.watchEach('user_management_dependency_up', up, 'dependency', () => {
    const { database, migrations } = parts.readiness.checks()
    return {
      database: database === 'ok' ? 1 : 0,
      migrations: migrations === 'ok' ? 1 : 0,
      keys: parts.keys.isCurrent() ? 1 : 0,
      ...(parts.redis && { redis: parts.redis.state().isUp ? 1 : 0 }),
    }
  })
}

export function watchLog(metrics: Metrics, sink: LogSink): void {
  metrics.watchCount(
    'user_management_log_lines_dropped_total',
    'Lines of the log that found no room or could not be written.',
    () => sink.dropped(),
  )
}
