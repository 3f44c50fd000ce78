import type { Context } from '../../context.ts'
import { inTransaction } from '../../db/transaction.ts'
import { audit } from '../../domain/audit.ts'
import { keepAnAdministrator } from '../../domain/changeUser.ts'
import { endSessions } from '../../domain/endSessions.ts'
import { demandMatch, entityTag } from '../../domain/entityTag.ts'
import { demandStill } from '../../domain/stillMay.ts'
import type { Input, Output } from '../../http/operation.ts'
import { Problem } from '../../problem.ts'
import { deleteUser as markDeleted, lockUser } from '../../queries/users.ts'
import { toUser } from '../../views/user.ts'

export async function deleteUser(
  { path, header, actor, client }: Input<'deleteUser'>,
  { brake, db, sessions }: Context,
): Promise<Output<'deleteUser'>> {
  const { deleted, endedSessions } = await inTransaction(db, async (tx) => {
    const user = await lockUser(tx, path.user_id)
    await demandStill(tx, actor, 'deleteUser')
    if (!user) throw new Problem('not-found')
    demandMatch(header['If-Match'], entityTag(user.version, toUser(user)))
    await keepAnAdministrator(tx, user, undefined)
    const deleted = await markDeleted(tx, user)
    await audit(tx, 'user.deleted', { actor, client }, { subjectId: user.id })
    return { deleted, endedSessions: await endSessions(tx, user.id, 'user-deleted', { actor, client }) }
  })
  await sessions.ended(endedSessions)
  await sessions.changed(deleted)
  // Whoever takes the names is not to be slowed down by what was tried on their owner.
  await brake.forgive([deleted.username, deleted.email])
  return { status: 204 }
}
