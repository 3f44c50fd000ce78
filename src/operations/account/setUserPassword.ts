import type { Context } from '../../context.ts'
import { inTransaction } from '../../db/transaction.ts'
import { setPassword } from '../../domain/setPassword.ts'
import { demandStill } from '../../domain/stillMay.ts'
import type { Input, Output } from '../../http/operation.ts'
import { Problem } from '../../problem.ts'
import { findUser, lockUser } from '../../queries/users.ts'

/** Whoever finds an administrator's screen unlocked must not get the account with it. */
const ownPassword = 'Change your own password with PUT /v1/auth/password, which asks for the current one.'

export async function setUserPassword(
  { path, body, actor, client }: Input<'setUserPassword'>,
  { db, brake, passwords, sessions }: Context,
): Promise<Output<'setUserPassword'>> {
  if (path.user_id === actor.id) throw new Problem('forbidden', { detail: ownPassword })
  const found = await findUser(db, path.user_id)
  if (!found) throw new Problem('not-found')
  passwords.demandStrong(body.new_password, found, 'new_password')
  const hash = await passwords.hash(body.new_password)
  const sessionIds = await inTransaction(db, async (tx) => {
    const user = await lockUser(tx, path.user_id)
    await demandStill(tx, actor, 'setUserPassword')
    if (!user) throw new Problem('not-found')
    return setPassword(tx, user, { hash, action: 'password.set' }, { actor, client })
  })
  await sessions.ended(sessionIds)
  await brake.forgive([found.username, found.email])
  return { status: 204 }
}
