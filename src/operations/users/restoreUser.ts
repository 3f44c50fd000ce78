import type { Context } from '../../context.ts'
import { inTransaction } from '../../db/transaction.ts'
import { audit } from '../../domain/audit.ts'
import { conflictOf } from '../../domain/conflict.ts'
import { entityTag } from '../../domain/entityTag.ts'
import { cancelMails } from '../../domain/mail.ts'
import { demandStill } from '../../domain/stillMay.ts'
import type { Input, Output } from '../../http/operation.ts'
import { Problem } from '../../problem.ts'
import { findUserEvenDeleted, lockUserEvenDeleted, restoreUser as undelete } from '../../queries/users.ts'
import { toUser } from '../../views/user.ts'

export async function restoreUser(
  { path, actor, client }: Input<'restoreUser'>,
  { db, sessions }: Context,
): Promise<Output<'restoreUser'>> {
  const user = await inTransaction(db, async (tx) => {
    const deleted = await lockUserEvenDeleted(tx, path.user_id)
    await demandStill(tx, actor, 'restoreUser')
    const restored = deleted && (await undelete(tx, deleted.id))
    if (!restored) throw new Problem('not-found')
    // The link of an old mail must not work again.
    await cancelMails(tx, deleted)
    await audit(tx, 'user.restored', { actor, client }, { subjectId: restored.id })
    return restored
  }).catch(async (error: unknown) => {
    const { username, email } = (await findUserEvenDeleted(db, path.user_id)) ?? {}
    throw await conflictOf(error, db, { id: path.user_id, username, email })
  })
  await sessions.changed(user)
  const restored = toUser(user)
  return { status: 200, headers: { ETag: entityTag(user.version, restored) }, body: restored }
}
