import type { Context } from '../../context.ts'
import { audit } from '../../domain/audit.ts'
import type { Client } from '../../domain/client.ts'
import { inTransaction } from '../../db/transaction.ts'
import { signPair } from '../../domain/issueTokens.ts'
import { signIn } from '../../domain/signIn.ts'
import type { Input, Output } from '../../http/operation.ts'
import { Problem } from '../../problem.ts'
import { findUser, findUserByIdentifier, type UserRow } from '../../queries/users.ts'
import { checkGuardedPassword } from '../../security/guardedPassword.ts'
import { toUser } from '../../views/user.ts'

/** Opens a session, unless a storm of logins leaves no place. */
export function login(input: Input<'login'>, context: Context): Promise<Output<'login'>> {
  return context.passwords.admit(() => checkAndSignIn(input, context))
}

/** Every refusal takes the same path, the same time and the same words. */
async function checkAndSignIn({ body, client }: Input<'login'>, context: Context): Promise<Output<'login'>> {
  const { db, sessions, tokens } = context
  const identifier = body.identifier ?? body.username ?? body.email ?? ''
  const found = await findUserByIdentifier(db, identifier)
  const claim = { identifier, password: body.password, found, ip: client.ip }
  const isGood = await checkGuardedPassword(claim, context)
  const opened = found && isGood ? await admitOwner(found, body.password, client, context) : undefined
  if (!opened) {
    const details = { outcome: 'failure' as const, subjectId: found?.id }
    await inTransaction(db, (tx) => audit(tx, 'login.failed', { actor: undefined, client }, details))
    throw new Problem('invalid-credentials')
  }
  await sessions.ended(opened.surplus)
  return { status: 200, body: { ...(await signPair(tokens, opened.issued)), user: toUser(opened.user) } }
}

/** A password that fits is looked at once more where the stored hash has changed since it was read. */
async function admitOwner(found: UserRow, password: string, client: Client, context: Context) {
  const { db, passwords, config } = context
  const open = (user: UserRow, newHash?: string) =>
    inTransaction(db, (tx) => signIn(tx, { found: user, newHash, client }, config.tokens))
  const opened = await open(found, await passwords.renew(found.password_hash, password))
  if (opened) return opened
  // Another sign-in has renewed the hash of the same password, or it is another password now.
  const latest = await findUser(db, found.id)
  const isRenewed = latest !== undefined && latest.password_hash !== found.password_hash
  return isRenewed && (await passwords.check(latest.password_hash, password)) ? open(latest) : undefined
}
