import { v7 as uuidv7 } from 'uuid'
import type { Tx } from '../db/database.ts'
import { insertSession } from '../queries/sessions.ts'
import { recordLogin, type UserRow } from '../queries/users.ts'
import { createSecret } from '../security/secrets.ts'
import { audit } from './audit.ts'
import type { Client } from './client.ts'
import { endSurplus } from './endSessions.ts'
import { issueRefreshToken, type Issued } from './issueTokens.ts'

interface SessionLimits {
  sessionMaxDays: number
  /** Sessions a user may have. */
  sessionLimit: number
  refreshMinutes: number
}

interface SignedIn {
  user: UserRow
  issued: Issued
  /** The ids of older sessions that had to go. */
  surplus: string[]
}

/**
 * Opens a session for a user whose password was verified against the row that was `found`. Undefined where the account
 * is disabled by now, or its password is another one.
 */
export async function signIn(
  tx: Tx,
  { found, newHash, client }: { found: UserRow; newHash: string | undefined; client: Client },
  limits: SessionLimits,
): Promise<SignedIn | undefined> {
  // First, because it locks the user: whoever disables the account or changes the password is either seen here or sees
  // this session.
  const user = await recordLogin(tx, found, newHash)
  if (!user) return undefined
  const actor = { id: user.id, role: user.role, sessionId: uuidv7() }
  const device = { ip: client.ip === '' ? null : client.ip, user_agent: client.userAgent ?? null }
  await insertSession(tx, { id: actor.sessionId, user_id: actor.id, ...device }, limits.sessionMaxDays)
  const idleMinutes = limits.refreshMinutes
  const issued = await issueRefreshToken(tx, { actor, refreshToken: createSecret(), idleMinutes })
  await audit(tx, 'session.started', { actor, client }, { subjectId: actor.id })
  return { user, issued, surplus: await endSurplus(tx, actor, limits.sessionLimit, client) }
}
