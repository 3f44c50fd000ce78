import type { Context } from '../../context.ts'
import { inTransaction } from '../../db/transaction.ts'
import { addUser } from '../../domain/addUser.ts'
import { conflictOf } from '../../domain/conflict.ts'
import { entityTag } from '../../domain/entityTag.ts'
import { once } from '../../domain/once.ts'
import { demandStill } from '../../domain/stillMay.ts'
import type { Input, Output } from '../../http/operation.ts'
import { toUser } from '../../views/user.ts'

export async function createUser(
  input: Input<'createUser'>,
  { db, keys, passwords }: Context,
): Promise<Output<'createUser'>> {
  const { body, actor, client } = input
  passwords.demandStrong(body.password, body)
  // Outside the transaction: hashing takes long, and would keep a connection and its locks.
  const passwordHash = await passwords.hash(body.password)
  return inTransaction(db, async (tx) => {
    await demandStill(tx, actor, 'createUser')
    return once<Output<'createUser'>>(tx, keys, { operation: 'createUser', ...input }, async () => {
      const user = await addUser(tx, { ...body, passwordHash }, { actor, client })
      const created = toUser(user)
      const headers = { Location: `/v1/users/${user.id}`, ETag: entityTag(user.version, created) }
      return { status: 201, headers, body: created }
    })
  }).catch(async (error: unknown) => {
    throw await conflictOf(error, db, body)
  })
}
