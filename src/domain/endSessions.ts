import type { Tx } from '../db/database.ts'
import { endSessionsOfUser, endSurplusSessions, type EndReason, type SessionRow } from '../queries/sessions.ts'
import { audit, type Origin } from './audit.ts'

/** Signs a user out everywhere, or everywhere else. Answers the ids of the sessions that were alive. */
export async function endSessions(
  tx: Tx,
  userId: string,
  reason: EndReason,
  origin: Origin,
  exceptSessionId?: string,
): Promise<string[]> {
  return auditEnds(tx, await endSessionsOfUser(tx, userId, reason, exceptSessionId), origin)
}

/** Ends the longest unused sessions of a user who has more than `limit`. Answers their ids. */
export async function endSurplus(tx: Tx, userId: string, limit: number, origin: Origin): Promise<string[]> {
  return auditEnds(tx, await endSurplusSessions(tx, userId, limit), origin)
}

/** One event for each session. */
async function auditEnds(tx: Tx, ended: SessionRow[], origin: Origin): Promise<string[]> {
  for (const session of ended) {
    const changes = { end_reason: { after: session.end_reason } }
    await audit(tx, 'session.ended', origin, { subjectId: session.user_id, sessionId: session.id, changes })
  }
  return ended.map(({ id }) => id)
}
