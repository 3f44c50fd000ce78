import { setTimeout as sleep } from 'node:timers/promises'
import { v7 as uuidv7 } from 'uuid'
import type { Context } from '../../context.ts'
import { audit } from '../../domain/audit.ts'
import type { Client } from '../../domain/client.ts'
import { endSurplus } from '../../domain/endSessions.ts'
import { issueTokens } from '../../domain/issueTokens.ts'
import { inTransaction } from '../../db/transaction.ts'
import type { Input, Output } from '../../http/operation.ts'
import { Problem } from '../../problem.ts'
import { insertSession } from '../../queries/sessions.ts'
import { findUser, findUserByIdentifier, recordLogin, type UserRow } from '../../queries/users.ts'
import { checkGuardedPassword } from '../../security/guardedPassword.ts'
import { createSecret } from '../../security/secrets.ts'
import { toUser } from '../../views/user.ts'

/**
 * No refusal is answered earlier (milliseconds). It covers what a hash imported from another system may cost more than
 * one of ours (bcrypt of cost 12: some 230 ms), which would tell that the account exists.
 */
const refusalTime = 250

/** Opens a session, unless a storm of logins leaves no place. */
export function login(input: Input<'login'>, context: Context): Promise<Output<'login'>> {
  return context.passwords.admit(() => signIn(input, context))
}

/** Every refusal takes the same path, the same time and the same words. */
async function signIn({ body, client }: Input<'login'>, context: Context): Promise<Output<'login'>> {
  const answerAt = performance.now() + refusalTime
  const { db, sessions } = context
  const identifier = body.identifier ?? body.username ?? body.email ?? ''
  const found = await findUserByIdentifier(db, identifier)
  const claim = { identifier, password: body.password, found, ip: client.ip }
  const isGood = await checkGuardedPassword(claim, context)
  const opened = found && isGood ? await admitOwner(found, body.password, client, context) : undefined
  if (!opened) {
    const details = { outcome: 'failure' as const, subjectId: found?.id }
    await inTransaction(db, (tx) => audit(tx, 'login.failed', { actor: undefined, client }, details))
    await sleep(Math.max(0, answerAt - performance.now()))
    throw new Problem('invalid-credentials')
  }
  await sessions.ended(opened.surplus)
  return { status: 200, body: opened.result }
}

/** A password that fits is looked at once more where the stored hash has changed since it was read. */
async function admitOwner(found: UserRow, password: string, client: Client, context: Context) {
  const { db, passwords } = context
  const newHash = await passwords.renew(found.password_hash, password)
  const opened = await openSession(found, newHash, client, context)
  if (opened) return opened
  // Another sign-in has renewed the hash of the same password, or it is another password now.
  const latest = await findUser(db, found.id)
  const isRenewed = latest !== undefined && latest.password_hash !== found.password_hash
  if (!isRenewed || !(await passwords.check(latest.password_hash, password))) return undefined
  return openSession(latest, undefined, client, context)
}

/** Undefined where the account is disabled, or its password changed while it was checked. */
function openSession(found: UserRow, newHash: string | undefined, client: Client, { db, config, tokens }: Context) {
  return inTransaction(db, async (tx) => {
    // First, because it locks the user: whoever disables the account or changes the password is either seen here or
    // sees this session.
    const user = await recordLogin(tx, found, newHash)
    if (!user) return undefined
    const actor = { id: user.id, role: user.role, sessionId: uuidv7() }
    const device = { ip: client.ip, user_agent: client.userAgent ?? null }
    await insertSession(tx, { id: actor.sessionId, user_id: actor.id, ...device }, config.tokens.sessionMaxDays)
    const idleMinutes = config.tokens.refreshMinutes
    const pair = await issueTokens(tx, tokens, { actor, refreshToken: createSecret(), idleMinutes })
    await audit(tx, 'session.started', { actor, client }, { subjectId: actor.id })
    const surplus = await endSurplus(tx, actor.id, config.tokens.sessionLimit, { actor, client })
    return { result: { ...pair, user: toUser(user) }, surplus }
  })
}
