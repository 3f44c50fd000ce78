import type { Context } from '../../context.ts'
import { inTransaction } from '../../db/transaction.ts'
import { addUser } from '../../domain/addUser.ts'
import { conflictOf } from '../../domain/conflict.ts'
import { demandStill } from '../../domain/stillMay.ts'
import type { Input, Output } from '../../http/operation.ts'
import { toUser } from '../../views/user.ts'

export async function createUser(
  { body, actor, client }: Input<'createUser'>,
  { db, passwords }: Context,
): Promise<Output<'createUser'>> {
  passwords.demandStrong(body.password, body)
  // Outside the transaction: hashing takes long, and would keep a connection and its locks.
  const passwordHash = await passwords.hash(body.password)
  const user = await inTransaction(db, async (tx) => {
    await demandStill(tx, actor, 'users:create')
    return addUser(tx, { ...body, passwordHash }, { actor, client })
  }).catch(async (error: unknown) => {
    throw await conflictOf(error, db, body)
  })
  return { status: 201, headers: { Location: `/v1/users/${user.id}` }, body: toUser(user) }
}
