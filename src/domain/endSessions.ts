import type { Tx } from '../db/database.ts'
import { endSessionsOfUser, endSurplusSessions, type EndReason, type SessionRow } from '../queries/sessions.ts'
import type { Actor } from '../security/actor.ts'
import { audit, type Origin } from './audit.ts'
import type { Client } from './client.ts'

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

/** Ends the longest unused sessions of somebody who has just opened one more than `limit`. Answers their ids. */
export async function endSurplus(tx: Tx, actor: Actor, limit: number, client: Client): Promise<string[]> {
  const surplus = await endSurplusSessions(tx, { userId: actor.id, newestId: actor.sessionId, limit })
  return auditEnds(tx, surplus, { actor, client })
}

async function auditEnds(tx: Tx, ended: SessionRow[], origin: Origin): Promise<string[]> {
  for (const session of ended) await auditEnd(tx, session, origin)
  return ended.map(({ id }) => id)
}

/** The event of a session that was ended. */
export async function auditEnd(tx: Tx, session: SessionRow, origin: Origin): Promise<void> {
  const changes = { end_reason: { after: session.end_reason } }
  await audit(tx, 'session.ended', origin, { subjectId: session.user_id, sessionId: session.id, changes })
}
