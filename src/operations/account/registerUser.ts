import { v7 as uuidv7 } from 'uuid'
import type { Context } from '../../context.ts'
import { inTransaction } from '../../db/transaction.ts'
import { audit } from '../../domain/audit.ts'
import { queueMail } from '../../domain/mail.ts'
import { tokenMinutes } from '../../domain/mailToken.ts'
import { once } from '../../domain/once.ts'
import { normaliseName } from '../../domain/personName.ts'
import { refuseReservedName } from '../../domain/reservedNames.ts'
import type { Input, Output } from '../../http/operation.ts'
import { Problem } from '../../problem.ts'
import { insertRegistration } from '../../queries/registrations.ts'

/** The same work and the same answer whoever is known already: the mail alone tells, to whoever reads it. */
export async function registerUser(
  input: Input<'registerUser'>,
  { config, db, keys, passwords }: Context,
): Promise<Output<'registerUser'>> {
  const { body, client } = input
  if (!config.app.signupEnabled) throw new Problem('not-found', { detail: 'Self sign-up is off on this server.' })
  refuseReservedName(body.username)
  passwords.demandStrong(body.password, body)
  const registration = {
    id: uuidv7(),
    username: body.username,
    email: body.email,
    first_name: normaliseName(body.first_name, 'first_name'),
    last_name: normaliseName(body.last_name, 'last_name'),
    password_hash: await passwords.hash(body.password),
  }
  return inTransaction(db, (tx) =>
    once<Output<'registerUser'>>(tx, keys, { operation: 'registerUser', ...input }, async () => {
      await insertRegistration(tx, registration, tokenMinutes.verification)
      await queueMail(tx, { kind: 'registration', registrationId: registration.id })
      await audit(tx, 'registration.requested', { actor: undefined, client }, {})
      return { status: 202, body: { status: 'accepted' } }
    }),
  )
}
