import type { Context } from '../../context.ts'
import { entityTag } from '../../domain/entityTag.ts'
import type { Input, Output } from '../../http/operation.ts'
import { Problem } from '../../problem.ts'
import { findUser } from '../../queries/users.ts'
import { toUser } from '../../views/user.ts'

export async function getUser({ path }: Input<'getUser'>, { db }: Context): Promise<Output<'getUser'>> {
  const user = await findUser(db, path.user_id)
  if (!user) throw new Problem('not-found')
  const body = toUser(user)
  return { status: 200, headers: { ETag: entityTag(user.version, body) }, body }
}
