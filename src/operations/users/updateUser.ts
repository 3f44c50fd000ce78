import type { Context } from '../../context.ts'
import { inTransaction } from '../../db/transaction.ts'
import { changeUser, demandReach } from '../../domain/changeUser.ts'
import { conflictOf } from '../../domain/conflict.ts'
import { demandMatch, entityTag } from '../../domain/entityTag.ts'
import { demandStill } from '../../domain/stillMay.ts'
import type { Input, Output } from '../../http/operation.ts'
import { Problem } from '../../problem.ts'
import { lockUser } from '../../queries/users.ts'
import { toUser } from '../../views/user.ts'

export async function updateUser(
  { path, header, body, actor, client }: Input<'updateUser'>,
  { db, sessions }: Context,
): Promise<Output<'updateUser'>> {
  const { user, endedSessions } = await inTransaction(db, async (tx) => {
    const user = await lockUser(tx, path.user_id)
    const present = await demandStill(tx, actor, 'updateUser', path.user_id)
    if (!user) throw new Problem('not-found')
    demandReach(present, user)
    demandMatch(header['If-Match'], entityTag(user.version, toUser(user)))
    return changeUser(tx, user, body, { actor: present, client })
  }).catch(async (error: unknown) => {
    throw await conflictOf(error, db, { ...body, id: path.user_id })
  })
  await sessions.ended(endedSessions)
  await sessions.changed(user)
  const changed = toUser(user)
  return { status: 200, headers: { ETag: entityTag(user.version, changed) }, body: changed }
}
