import type { Context } from '../../context.ts'
import { inTransaction } from '../../db/transaction.ts'
import { audit } from '../../domain/audit.ts'
import { setPassword } from '../../domain/setPassword.ts'
import type { Input, Output } from '../../http/operation.ts'
import { Problem } from '../../problem.ts'
import { findUser, lockUser } from '../../queries/users.ts'

/** Every other session ends; this one goes on. */
export async function changePassword(
  { body, actor, client }: Input<'changePassword'>,
  { db, passwords, sessions }: Context,
): Promise<Output<'changePassword'>> {
  const found = await findUser(db, actor.id)
  if (!(await passwords.check(found?.password_hash, body.current_password)) || !found) {
    const details = { outcome: 'failure' as const, subjectId: actor.id }
    await inTransaction(db, (tx) => audit(tx, 'password.change-failed', { actor, client }, details))
    throw new Problem('invalid-credentials')
  }
  passwords.demandStrong(body.new_password, found, 'new_password')
  const hash = await passwords.hash(body.new_password)
  const sessionIds = await inTransaction(db, async (tx) => {
    const user = await lockUser(tx, actor.id)
    // Of two changes at once one wins; the other one proved a password that is no longer the current one.
    if (user?.password_hash !== found.password_hash) throw new Problem('invalid-credentials')
    const change = { hash, action: 'password.changed' as const, exceptSessionId: actor.sessionId }
    return setPassword(tx, user, change, { actor, client })
  })
  await sessions.ended(sessionIds)
  return { status: 204 }
}
