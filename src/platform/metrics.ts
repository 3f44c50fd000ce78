import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'

/** Seconds; the targets for the 95th and 99th percentile, 0.1 and 0.2, and the alert's 0.5 are among them. */
const requestBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 5, 10]
const waitBuckets = [0.001, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

export type Metrics = ReturnType<typeof createMetrics>

/**
 * Every number that the service shows, in a registry of its own. Labels have few values, all of our making: nothing that
 * a client sends becomes one. What is read when somebody asks is given to `watch…` once.
 */
export function createMetrics(version: string) {
  const registry = new Registry()
  const registers = [registry]

  const metrics = {
    requests: new Histogram({
      ...{ name: 'http_request_duration_seconds', registers, buckets: requestBuckets },
      ...{ help: 'Requests, by operation (or unmatched) and class of status (or aborted, where the client left).' },
      labelNames: ['operation', 'status'],
    }),
    problems: new Counter({
      ...{ name: 'http_problems_total', registers, help: 'Requests refused, by what the client was told.' },
      labelNames: ['operation', 'type'],
    }),
    refusals: new Counter({
      ...{ name: 'http_refused_total', registers, help: 'Requests refused early: overload, and what cannot be read.' },
      labelNames: ['type', 'code'],
    }),
    databaseErrors: new Counter({
      ...{
        name: 'user_management_database_errors_total',
        registers,
        help: 'Requests that the database failed: unavailable, denied or serialization.',
      },
      labelNames: ['kind'],
    }),
    cacheReads: new Counter({
      ...{
        name: 'user_management_cache_reads_total',
        registers,
        help: 'Keys looked up in the cache: hit, miss, or error where it did not answer.',
      },
      labelNames: ['result'],
    }),
    limits: new Counter({
      ...{ name: 'user_management_rate_limit_decisions_total', registers },
      ...{ help: 'Decisions of the rate limits; insured ones were made without the Redis that there should be.' },
      labelNames: ['class', 'decision', 'insured'],
    }),
    logins: new Counter({
      ...{
        name: 'user_management_logins_total',
        registers,
        help: 'Attempts to log in: success, refused (wrong), limited (too often), failed.',
      },
      labelNames: ['outcome'],
    }),
    denials: new Counter({
      ...{
        name: 'user_management_denials_total',
        registers,
        help: 'Requests that a permission was missing for, by their audit event: recorded, left_out (too many of the same), failed.',
      },
      labelNames: ['outcome'],
    }),
    refreshReuse: new Counter({
      ...{ name: 'user_management_refresh_reuse_total', registers },
      help: 'Refresh tokens used again, which ends their session.',
    }),
    hashWait: new Histogram({
      ...{ name: 'user_management_password_hash_wait_seconds', registers, buckets: waitBuckets },
      help: 'How long password hashes waited for their turn.',
    }),
    hashRefusals: new Counter({
      ...{ name: 'user_management_password_hash_refused_total', registers },
      help: 'Password hashes refused because too many were waiting.',
    }),
    importRows: new Counter({
      ...{
        name: 'user_management_import_rows_total',
        registers,
        help: 'Rows of imports dealt with: created, updated, skipped or failed.',
      },
      labelNames: ['outcome'],
    }),
    auditAge: measured(
      'user_management_audit_unsealed_age_seconds',
      'Age of the oldest audit event without a seal; 0 for none.',
    ),
    sessions: measured('user_management_sessions_active', 'Sessions that are alive, over all instances.'),
    outboxMails: measured('user_management_outbox_mails', 'Mails that wait to be sent, over all instances.'),
    outboxAge: measured('user_management_outbox_oldest_age_seconds', 'Age of the oldest mail that waits; 0 for none.'),
  }
  for (const outcome of ['success', 'refused', 'limited', 'failed']) metrics.logins.inc({ outcome }, 0)
  for (const outcome of ['recorded', 'left_out', 'failed']) metrics.denials.inc({ outcome }, 0)
  for (const result of ['hit', 'miss', 'error']) metrics.cacheReads.inc({ result }, 0)
  for (const kind of ['unavailable', 'denied', 'serialization']) metrics.databaseErrors.inc({ kind }, 0)
  for (const outcome of ['created', 'updated', 'skipped', 'failed']) metrics.importRows.inc({ outcome }, 0)
  metrics.refusals.inc({ type: 'unavailable', code: 'overload' }, 0)
  new Gauge({
    ...{ name: 'user_management_build_info', registers, help: 'Always 1; the labels say what is running.' },
    labelNames: ['version', 'node'],
  }).set({ version, node: process.versions.node }, 1)

  /** A gauge that is not there before something was measured: 0 would be a lie. */
  function measured(name: string, help: string): Gauge {
    const gauge = new Gauge({ name, help, registers })
    gauge.remove()
    return gauge
  }

  return {
    ...metrics,
    registry,

    /** A gauge that is read from `look` when somebody asks. */
    watch(name: string, help: string, look: () => number) {
      new Gauge({
        ...{ name, help, registers },
        collect() {
          this.set(look())
        },
      })
    },

    /** A gauge for each word that `look` answers. */
    watchEach(name: string, help: string, label: string, look: () => Record<string, number>) {
      new Gauge({
        ...{ name, help, registers, labelNames: [label] },
        collect() {
          for (const [value, number] of Object.entries(look())) this.set({ [label]: value }, number)
        },
      })
    },

    /** A counter that somebody else keeps. */
    watchCount(name: string, help: string, look: () => number) {
      new Counter({
        ...{ name, help, registers },
        collect() {
          this.reset()
          this.inc(look())
        },
      })
    },

    /** CPU, memory, event-loop delay, garbage collection, file descriptors. Once in a process: it does not end. */
    watchProcess() {
      collectDefaultMetrics({ register: registry })
    },
  }
}
