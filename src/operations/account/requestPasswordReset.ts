import type { Context } from '../../context.ts'
import { inTransaction } from '../../db/transaction.ts'
import { audit } from '../../domain/audit.ts'
import { queueMail } from '../../domain/mail.ts'
import type { Input, Output } from '../../http/operation.ts'

/** Whether there is such an account is not even looked up here: the job that sends the mail finds out. */
export async function requestPasswordReset(
  { body, client }: Input<'requestPasswordReset'>,
  { db }: Context,
): Promise<Output<'requestPasswordReset'>> {
  await inTransaction(db, async (tx) => {
    await queueMail(tx, { kind: 'password-reset', email: body.email, client })
    await audit(tx, 'password.reset-requested', { actor: undefined, client }, {})
  })
  return { status: 202, body: { status: 'accepted' } }
}
