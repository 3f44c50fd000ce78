import type { Context } from '../context.ts'
import { secondsUnsealed } from '../queries/auditSeals.ts'
import { outboxBacklog } from '../queries/outbox.ts'
import { countLiveSessions } from '../queries/sessions.ts'

/** Enough to see that there are many; the look must not grow with them. */
const most = 100_000

/** What only the database knows, for the metrics. Every instance measures the same: take the highest, not the sum. */
export async function measure({ config, db, metrics }: Pick<Context, 'config' | 'db' | 'metrics'>): Promise<void> {
  if (config.metrics.port === undefined) return
  metrics.sessions.set(await countLiveSessions(db, most))
  const { mails, oldest_seconds: age } = await outboxBacklog(db, most)
  metrics.outboxMails.set(mails)
  metrics.outboxAge.set(age)
  metrics.auditAge.set(await secondsUnsealed(db))
}
