import type { Context } from '../../context.ts'
import { inTransaction } from '../../db/transaction.ts'
import { audit } from '../../domain/audit.ts'
import { queueMail } from '../../domain/mail.ts'
import type { Input, Output } from '../../http/operation.ts'

export async function resendEmailVerification(
  { actor, client }: Input<'resendEmailVerification'>,
  { db }: Context,
): Promise<Output<'resendEmailVerification'>> {
  await inTransaction(db, async (tx) => {
    await queueMail(tx, { kind: 'email-verification', userId: actor.id })
    await audit(tx, 'email.verification-requested', { actor, client }, { subjectId: actor.id })
  })
  return { status: 202, body: { status: 'accepted' } }
}
