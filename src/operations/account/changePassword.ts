import type { Context } from '../../context.ts'
import { inTransaction } from '../../db/transaction.ts'
import { audit } from '../../domain/audit.ts'
import { setPassword } from '../../domain/setPassword.ts'
import { demandStill } from '../../domain/stillMay.ts'
import type { Input, Output } from '../../http/operation.ts'
import { Problem } from '../../problem.ts'
import { findUser, lockUser, type UserRow } from '../../queries/users.ts'
import { checkGuardedPassword } from '../../security/guardedPassword.ts'

/** Every other session ends; this one goes on. */
export async function changePassword(
  input: Input<'changePassword'>,
  context: Context,
): Promise<Output<'changePassword'>> {
  const { body, actor, client } = input
  const { db, passwords, sessions } = context
  const origin = { actor, client }
  let proven = await proveCurrent(input, context)
  passwords.demandStrong(body.new_password, proven, 'new_password')
  const hash = await passwords.hash(body.new_password)
  for (;;) {
    const sessionIds = await inTransaction(db, async (tx) => {
      const user = await lockUser(tx, actor.id)
      await demandStill(tx, actor, 'changePassword')
      if (user?.password_hash !== proven.password_hash) return undefined
      return setPassword(tx, user, { hash, action: 'password.changed', exceptSessionId: actor.sessionId }, origin)
    })
    if (sessionIds) {
      await sessions.ended(sessionIds)
      return { status: 204 }
    }
    // Another change has won, or a sign-in has renewed the hash of the same password.
    proven = await proveCurrent(input, context)
  }
}

async function proveCurrent(input: Input<'changePassword'>, context: Context): Promise<UserRow> {
  const { body, actor, client } = input
  const found = await findUser(context.db, actor.id)
  if (!found) throw new Problem('invalid-token')
  // Not under a name, which strangers try at the door. By place, as there: who has stolen a token brakes not its owner.
  const claim = { identifier: undefined, password: body.current_password, found, ip: client.ip }
  if (await checkGuardedPassword(claim, context)) return found
  const details = { outcome: 'failure' as const, subjectId: actor.id }
  await inTransaction(context.db, (tx) => audit(tx, 'password.change-failed', { actor, client }, details))
  throw new Problem('invalid-credentials')
}
