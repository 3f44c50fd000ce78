import type { Context } from '../../context.ts'
import { inTransaction } from '../../db/transaction.ts'
import { changeUser, demandReach, guardedFields } from '../../domain/changeUser.ts'
import { conflictOf } from '../../domain/conflict.ts'
import { demandMatch, entityTag } from '../../domain/entityTag.ts'
import { demandStill } from '../../domain/stillMay.ts'
import type { Input, Output } from '../../http/operation.ts'
import { Problem } from '../../problem.ts'
import { lockUser, type UserRow } from '../../queries/users.ts'
import { mayManage, mayWrite } from '../../security/permissions.ts'
import { toUser } from '../../views/user.ts'

type ReplaceUser = Input<'replaceUser'>

export async function replaceUser(
  { path, header, body, actor, client }: ReplaceUser,
  { db, sessions }: Context,
): Promise<Output<'replaceUser'>> {
  const { user, endedSessions } = await inTransaction(db, async (tx) => {
    const user = await lockUser(tx, path.user_id)
    const present = await demandStill(tx, actor, 'replaceUser', path.user_id)
    if (!user) throw new Problem('not-found')
    demandReach(present, user)
    demandMatch(header['If-Match'], entityTag(user.version, toUser(user)))
    demandEveryProperty(user, { body, actor: present })
    return changeUser(tx, user, body, { actor: present, client })
  }).catch(async (error: unknown) => {
    throw await conflictOf(error, db, { ...body, id: path.user_id })
  })
  await sessions.ended(endedSessions)
  await sessions.changed(user)
  const changed = toUser(user)
  return { status: 200, headers: { ETag: entityTag(user.version, changed) }, body: changed }
}

/** The contract cannot know who asks: whoever may write the role or the state has to give them, too. */
function demandEveryProperty(user: UserRow, { body, actor }: Pick<ReplaceUser, 'body' | 'actor'>): void {
  const fields = ['role', 'is_active'] as const
  const missing = fields.filter(
    (field) => body[field] === undefined && mayManage(actor, user) && mayWrite(actor, user, guardedFields[field]),
  )
  if (missing.length === 0) return
  throw new Problem('validation-failed', {
    errors: missing.map((field) => ({
      in: 'body',
      pointer: `/${field}`,
      code: 'required',
      detail: 'is required of those who may write it',
    })),
  })
}
