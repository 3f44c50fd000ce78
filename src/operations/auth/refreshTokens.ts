import type { Context } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { inTransaction } from '../../db/transaction.ts'
import { audit } from '../../domain/audit.ts'
import type { Client } from '../../domain/client.ts'
import { issueRefreshToken, signPair, type Issued } from '../../domain/issueTokens.ts'
import type { Input, Output } from '../../http/operation.ts'
import { Problem } from '../../problem.ts'
import { findLiveSeconds, findSpentToken, spendRefreshToken } from '../../queries/refreshTokens.ts'
import { endSession, findLiveSession, touchLiveSession } from '../../queries/sessions.ts'
import { createSecret, hashSecret, sealWith, unsealWith } from '../../security/secrets.ts'

/** How long a lost answer may be asked for again. */
const graceSeconds = 10

/** Exchanges a refresh token, once: see `spendRefreshToken` for why two at once cannot both succeed. */
export async function refreshTokens(
  { body, client }: Input<'refreshTokens'>,
  { db, config, tokens, sessions }: Context,
): Promise<Output<'refreshTokens'>> {
  const successor = createSecret()
  const result = await inTransaction(db, async (tx) => {
    const spent = await spendRefreshToken(tx, hashSecret(body.refresh_token), sealWith(body.refresh_token, successor))
    if (!spent) return answerAgain(tx, body.refresh_token, client)
    const session = await touchLiveSession(tx, spent.session_id, client.ip)
    if (!session) throw new Problem('invalid-token')
    const actor = { id: session.user_id, role: session.role, sessionId: spent.session_id }
    await audit(tx, 'session.refreshed', { actor, client }, { subjectId: actor.id })
    return issueRefreshToken(tx, { actor, refreshToken: successor, idleMinutes: config.tokens.refreshMinutes })
  })
  if ('reusedSession' in result) {
    await sessions.ended([result.reusedSession])
    throw new Problem('token-reused', { detail: 'The token was used before. The session was ended; sign in again.' })
  }
  return { status: 200, body: await signPair(tokens, result) }
}

/** A token that is not live: its successor once more within the grace, else the end of the session. */
async function answerAgain(tx: Tx, token: string, client: Client): Promise<Issued | { reusedSession: string }> {
  const spent = await findSpentToken(tx, hashSecret(token), graceSeconds)
  const session = spent && (await findLiveSession(tx, spent.session_id))
  if (!session) throw new Problem('invalid-token')
  const actor = { id: session.user_id, role: session.role, sessionId: spent.session_id }
  if (spent.is_in_grace && spent.sealed_successor) {
    const successor = unsealWith(token, spent.sealed_successor)
    const seconds = await findLiveSeconds(tx, hashSecret(successor))
    if (seconds !== undefined) return { actor, refreshToken: successor, refreshSeconds: seconds }
  }
  // Of several at once the first ended it; for the others there is no session any more.
  if (!(await endSession(tx, spent.session_id, 'token-reused'))) throw new Problem('invalid-token')
  const details = { outcome: 'failure' as const, subjectId: actor.id, sessionId: actor.sessionId }
  await audit(tx, 'session.token-reused', { actor: undefined, client }, details)
  return { reusedSession: spent.session_id }
}
