import { Problem } from '../problem.ts'
import type { Actor } from './actor.ts'
import type { SessionStates } from './sessionState.ts'
import type { Tokens } from './tokens.ts'

const bearer = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i // RFC 6750 section 2.1

/**
 * Who sends this `Authorization` field. The token only names the session; whether that is alive and what its user may
 * do is asked each time, so a revocation counts from the next request on.
 */
export async function authenticate(
  authorization: string | undefined,
  {
    sessions,
    tokens,
    acceptsEndedSessions,
  }: { sessions: SessionStates; tokens: Tokens; acceptsEndedSessions: boolean },
): Promise<Actor> {
  if (authorization === undefined) {
    throw new Problem('unauthenticated', { detail: 'Send an access token: Authorization: Bearer …' })
  }
  const token = bearer.exec(authorization)?.[1]
  if (!token) throw new Problem('invalid-token')
  const claims = await tokens.verify(token, { acceptExpired: acceptsEndedSessions })
  // Signing out twice is no mistake (RFC 7009 section 2.2): a genuine token is enough, and may do nothing else.
  if (acceptsEndedSessions) return { id: claims.userId, role: 'user', sessionId: claims.sessionId }
  const actor = await sessions.find(claims)
  if (!actor) throw new Problem('invalid-token')
  return actor
}
