import { v7 as uuidv7 } from 'uuid'
import type { Context } from '../../context.ts'
import { audit } from '../../domain/audit.ts'
import { issueTokens } from '../../domain/issueTokens.ts'
import { inTransaction } from '../../db/transaction.ts'
import type { Input, Output } from '../../http/operation.ts'
import { Problem } from '../../problem.ts'
import { insertSession } from '../../queries/sessions.ts'
import { findUserByIdentifier, recordLogin } from '../../queries/users.ts'
import { createSecret } from '../../security/secrets.ts'
import { toUser } from '../../views/user.ts'

/** Opens a session. Every refusal takes the same path, the same time and the same words. */
export async function login(
  { body, client }: Input<'login'>,
  { db, config, passwords, tokens }: Context,
): Promise<Output<'login'>> {
  const identifier = body.identifier ?? body.username ?? body.email ?? ''
  const found = await findUserByIdentifier(db, identifier)
  const isMatch = await passwords.check(found?.password_hash, body.password)
  if (!found || !isMatch || !found.is_active) {
    await inTransaction(db, (tx) =>
      audit(tx, 'login.failed', { actor: undefined, client }, { outcome: 'failure', subjectId: found?.id }),
    )
    throw new Problem('invalid-credentials')
  }
  const { user, pair } = await inTransaction(db, async (tx) => {
    const actor = { id: found.id, role: found.role, sessionId: uuidv7() }
    const device = { ip: client.ip, user_agent: client.userAgent ?? null }
    await insertSession(tx, { id: actor.sessionId, user_id: actor.id, ...device }, config.tokens.sessionMaxDays)
    const idleMinutes = config.tokens.refreshMinutes
    const pair = await issueTokens(tx, tokens, { actor, refreshToken: createSecret(), idleMinutes })
    const user = await recordLogin(tx, actor.id)
    await audit(tx, 'session.started', { actor, client }, { subjectId: actor.id })
    return { user, pair }
  })
  return { status: 200, body: { ...pair, user: toUser(user) } }
}
