import type { Context } from '../../context.ts'
import { inTransaction } from '../../db/transaction.ts'
import { setPassword } from '../../domain/setPassword.ts'
import type { Input, Output } from '../../http/operation.ts'
import { Problem } from '../../problem.ts'
import { findMailToken, redeemMailToken } from '../../queries/mailTokens.ts'
import { findUser, lockUser } from '../../queries/users.ts'
import { hashSecret } from '../../security/secrets.ts'

/** The token is spent in the transaction that sets the password; a password that is refused leaves it whole. */
export async function resetPassword(
  { body, client }: Input<'resetPassword'>,
  { db, brake, passwords, sessions }: Context,
): Promise<Output<'resetPassword'>> {
  const tokenHash = hashSecret(body.token)
  const token = await findMailToken(db, tokenHash, ['password-reset'])
  const owner = token && (await findUser(db, token.user_id))
  if (!owner) throw new Problem('invalid-token')
  passwords.demandStrong(body.new_password, owner, 'new_password')
  const hash = await passwords.hash(body.new_password)
  const sessionIds = await inTransaction(db, async (tx) => {
    // The user first, as everywhere: two that lock in different orders would wait for each other.
    const user = await lockUser(tx, owner.id)
    const redeemed = await redeemMailToken(tx, tokenHash, ['password-reset'])
    // A mail to an address that the account has no longer proves nothing.
    if (!user?.is_active || redeemed?.email !== user.email) throw new Problem('invalid-token')
    return setPassword(tx, user, { hash, action: 'password.reset' }, { actor: undefined, client })
  })
  await sessions.ended(sessionIds)
  // What failed before was the password that was forgotten.
  await brake.forgive([owner.username, owner.email])
  return { status: 204 }
}
