import { Problem } from '../problem.ts'
import type { Db } from '../db/database.ts'
import { findLiveSession } from '../queries/sessions.ts'
import type { Actor } from './actor.ts'
import type { Tokens } from './tokens.ts'

const bearer = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i // RFC 6750 section 2.1

/**
 * Who sends this `Authorization` field. The token only names the session; whether that is alive and what its user may
 * do is read anew each time, so a revocation counts from the next request on.
 */
export async function authenticate(
  authorization: string | undefined,
  { db, tokens, acceptsEndedSessions }: { db: Db; tokens: Tokens; acceptsEndedSessions: boolean },
): Promise<Actor> {
  if (authorization === undefined) {
    throw new Problem('unauthenticated', { detail: 'Send an access token: Authorization: Bearer …' })
  }
  const token = bearer.exec(authorization)?.[1]
  if (!token) throw new Problem('invalid-token')
  const claims = await tokens.verify(token, { acceptExpired: acceptsEndedSessions })
  // Signing out twice is no mistake (RFC 7009 section 2.2): a genuine token is enough, and may do nothing else.
  if (acceptsEndedSessions) return { id: claims.userId, role: 'user', sessionId: claims.sessionId }
  const session = await findLiveSession(db, claims.sessionId)
  if (session?.user_id !== claims.userId) throw new Problem('invalid-token')
  return { id: session.user_id, role: session.role, sessionId: claims.sessionId }
}
