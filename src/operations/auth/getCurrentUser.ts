import type { Context } from '../../context.ts'
import { entityTag } from '../../domain/entityTag.ts'
import type { Input, Output } from '../../http/operation.ts'
import { Problem } from '../../problem.ts'
import { findUser } from '../../queries/users.ts'
import { toUser } from '../../views/user.ts'

export async function getCurrentUser(
  { actor }: Input<'getCurrentUser'>,
  { db }: Context,
): Promise<Output<'getCurrentUser'>> {
  const user = await findUser(db, actor.id)
  // Deleted between the check of the token and this line.
  if (!user) throw new Problem('invalid-token')
  const body = toUser(user)
  return { status: 200, headers: { ETag: entityTag(user.version, body) }, body }
}
