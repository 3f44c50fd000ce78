import type { Context } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { inTransaction } from '../../db/transaction.ts'
import { addUser } from '../../domain/addUser.ts'
import { audit, type Origin } from '../../domain/audit.ts'
import { changesBetween } from '../../domain/auditValues.ts'
import { conflictOf } from '../../domain/conflict.ts'
import type { Input, Output } from '../../http/operation.ts'
import { Problem } from '../../problem.ts'
import { findMailToken, redeemMailToken, type MailTokenPurpose, type MailTokenRow } from '../../queries/mailTokens.ts'
import { deleteRegistrations, redeemRegistration, type RegistrationRow } from '../../queries/registrations.ts'
import { lockUser, updateUser, type UserRow } from '../../queries/users.ts'
import { hashSecret } from '../../security/secrets.ts'

const purposes: MailTokenPurpose[] = ['email-verification', 'email-change']

/** Completes whatever the token was mailed for. Two requests with one token: the first has redeemed it. */
export async function verifyEmail(
  { body, client }: Input<'verifyEmail'>,
  { db }: Context,
): Promise<Output<'verifyEmail'>> {
  const hash = hashSecret(body.token)
  const origin = { actor: undefined, client }
  let wanted: { id?: string; username?: string; email?: string } = {}
  await inTransaction(db, async (tx) => {
    const registration = await redeemRegistration(tx, hash)
    if (registration) {
      wanted = registration
      return completeRegistration(tx, registration, origin)
    }
    const token = await findMailToken(tx, hash, purposes)
    if (!token) throw new Problem('invalid-token')
    wanted = { id: token.user_id, email: token.email }
    return verifyAddress(tx, token, origin)
  }).catch(async (error: unknown) => {
    // The request has but a token; the value that is taken came with an earlier one.
    throw await conflictOf(error, db, { ...wanted, pointer: '/token' })
  })
  return { status: 204 }
}

async function completeRegistration(tx: Tx, registration: RegistrationRow, origin: Origin): Promise<void> {
  const { username, email, first_name, last_name, password_hash: passwordHash } = registration
  const user = await addUser(tx, { username, email, first_name, last_name, passwordHash }, origin)
  const verified = await updateUser(tx, user, { email_verified: true })
  await deleteRegistrations(tx, user.email_key)
  await auditVerified(tx, user, verified, origin)
}

/** The address the mail went to is now the account's own, whether it was before or not. */
async function verifyAddress(tx: Tx, token: MailTokenRow, origin: Origin): Promise<void> {
  const { user_id: userId, email } = token
  const user = await lockUser(tx, userId)
  // Redeemed under the lock of the user, as everywhere: two that lock in different orders would wait for each other.
  if (!user?.is_active || !(await redeemMailToken(tx, token.token_hash, purposes))) throw new Problem('invalid-token')
  // The account has had another address since.
  if (token.purpose === 'email-verification' && email !== user.email) throw new Problem('invalid-token')
  await auditVerified(tx, user, await updateUser(tx, user, { email, email_verified: true }), origin)
}

function auditVerified(tx: Tx, before: UserRow, after: UserRow, origin: Origin): Promise<void> {
  const changes = changesBetween(before, after, ['email', 'email_verified'])
  return audit(tx, 'user.email-verified', origin, { subjectId: after.id, changes })
}
