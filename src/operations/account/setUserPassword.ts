import type { Context } from '../../context.ts'
import { inTransaction } from '../../db/transaction.ts'
import { setPassword } from '../../domain/setPassword.ts'
import type { Input, Output } from '../../http/operation.ts'
import { Problem } from '../../problem.ts'
import { findUser, lockUser } from '../../queries/users.ts'

export async function setUserPassword(
  { path, body, actor, client }: Input<'setUserPassword'>,
  { db, passwords, sessions }: Context,
): Promise<Output<'setUserPassword'>> {
  const found = await findUser(db, path.user_id)
  if (!found) throw new Problem('not-found')
  passwords.demandStrong(body.new_password, found, 'new_password')
  const hash = await passwords.hash(body.new_password)
  const sessionIds = await inTransaction(db, async (tx) => {
    const user = await lockUser(tx, path.user_id)
    if (!user) throw new Problem('not-found')
    return setPassword(tx, user, { hash, action: 'password.set' }, { actor, client })
  })
  await sessions.ended(sessionIds)
  return { status: 204 }
}
