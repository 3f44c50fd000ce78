import { v7 as uuidv7 } from 'uuid'
import type { components } from '../../../generated/openapi.ts'
import type { Context } from '../../context.ts'
import { audit } from '../../domain/audit.ts'
import type { Client } from '../../domain/client.ts'
import { issueTokens } from '../../domain/issueTokens.ts'
import { inTransaction } from '../../db/transaction.ts'
import type { Input, Output } from '../../http/operation.ts'
import { Problem } from '../../problem.ts'
import { insertSession } from '../../queries/sessions.ts'
import { findUserByIdentifier, recordLogin } from '../../queries/users.ts'
import { createSecret } from '../../security/secrets.ts'
import { toUser } from '../../views/user.ts'

type LoginResult = components['schemas']['LoginResult']

/** Opens a session. Every refusal takes the same path, the same time and the same words. */
export async function login({ body, client }: Input<'login'>, context: Context): Promise<Output<'login'>> {
  const { db, passwords } = context
  const identifier = body.identifier ?? body.username ?? body.email ?? ''
  const found = await findUserByIdentifier(db, identifier)
  const isMatch = await passwords.check(found?.password_hash, body.password)
  const result = found?.is_active && isMatch ? await openSession(found.id, client, context) : undefined
  if (!result) {
    await inTransaction(db, (tx) =>
      audit(tx, 'login.failed', { actor: undefined, client }, { outcome: 'failure', subjectId: found?.id }),
    )
    throw new Problem('invalid-credentials')
  }
  return { status: 200, body: result }
}

/** Undefined where the account was disabled or deleted while its password was checked. */
function openSession(
  userId: string,
  client: Client,
  { db, config, tokens }: Context,
): Promise<LoginResult | undefined> {
  return inTransaction(db, async (tx) => {
    // Before the session: this waits for whoever is disabling the account, and makes the next one see the session.
    const user = await recordLogin(tx, userId)
    if (!user) return undefined
    const actor = { id: user.id, role: user.role, sessionId: uuidv7() }
    const device = { ip: client.ip, user_agent: client.userAgent ?? null }
    await insertSession(tx, { id: actor.sessionId, user_id: actor.id, ...device }, config.tokens.sessionMaxDays)
    const idleMinutes = config.tokens.refreshMinutes
    const pair = await issueTokens(tx, tokens, { actor, refreshToken: createSecret(), idleMinutes })
    await audit(tx, 'session.started', { actor, client }, { subjectId: actor.id })
    return { ...pair, user: toUser(user) }
  })
}
