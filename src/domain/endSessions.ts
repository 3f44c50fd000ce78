import type { Tx } from '../db/database.ts'
import { endSessionsOfUser, type EndReason } from '../queries/sessions.ts'
import { audit, type Origin } from './audit.ts'

/** Signs a user out everywhere; one audit event for each session that was alive. */
export async function endSessions(tx: Tx, userId: string, reason: EndReason, origin: Origin): Promise<void> {
  for (const session of await endSessionsOfUser(tx, userId, reason)) {
    await audit(tx, 'session.ended', origin, {
      subjectId: userId,
      sessionId: session.id,
      changes: { end_reason: { after: reason } },
    })
  }
}
