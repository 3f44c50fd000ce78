import { sql } from 'kysely'
import type { Tx } from '../db/database.ts'

/**
 * Makes void whatever was handed out to anybody and could still be used: sessions, mailed tokens, mails of these kinds that
 * wait, registrations, answers to requests that may be sent again. Answers how many of each there were, by table.
 */
export async function voidHandedOut(tx: Tx, mailKinds: readonly string[]): Promise<Record<string, number>> {
  const sessions = tx
    .updateTable('sessions')
    .set({ ended_at: sql`now()`, end_reason: 'revoked' })
    .where('ended_at', 'is', null)
    .where('expires_at', '>', sql<string>`now()`)
  const removals = {
    mail_tokens: tx.deleteFrom('mail_tokens'),
    outbox: tx.deleteFrom('outbox').where('kind', 'in', mailKinds),
    registrations: tx.deleteFrom('registrations'),
    idempotency_keys: tx.deleteFrom('idempotency_keys'),
  }
  const counts: Record<string, number> = {
    sessions: Number((await sessions.executeTakeFirstOrThrow()).numUpdatedRows),
  }
  for (const [table, removal] of Object.entries(removals))
    counts[table] = Number((await removal.executeTakeFirstOrThrow()).numDeletedRows)
  return counts
}
