import { v7 as uuidv7 } from 'uuid'
import type { Tx } from '../db/database.ts'
import { deleteMailTokens } from '../queries/mailTokens.ts'
import { deleteMailsTo, insertMail, removeMailsAbout } from '../queries/outbox.ts'
import type { UserRow } from '../queries/users.ts'
import type { Client } from './client.ts'

/**
 * A mail that has to go out. It says what it is about and no more: whom it reaches, what it may tell them and the token
 * it carries are found out when it is sent (`prepareMail`), so that asking for one takes the same time for everybody.
 */
export type Mail =
  | { kind: 'registration'; registrationId: string }
  | { kind: 'email-verification'; userId: string }
  | { kind: 'email-change'; userId: string; newEmail: string }
  | { kind: 'email-change-notice'; userId: string; oldEmail: string }
  | { kind: 'password-reset'; email: string; client: Client }
  | { kind: 'password-changed'; userId: string }

/** Those that carry a token; the others tell what has happened. */
export const invitations = [
  'registration',
  'email-verification',
  'email-change',
  'password-reset',
] as const satisfies Mail['kind'][]

/** Puts a mail into the outbox of this transaction: it is sent if, and only if, the transaction commits. */
export async function queueMail(tx: Tx, { kind, ...details }: Mail): Promise<void> {
  await insertMail(tx, { id: uuidv7(), kind, details: JSON.stringify(details) })
}

/**
 * What was asked for before comes to nothing, be its mail on its way or still waiting. The user is locked. Answers
 * whether there was anything.
 */
export async function cancelEmailChange(tx: Tx, userId: string): Promise<boolean> {
  const kind = 'email-change' satisfies Mail['kind']
  const tokens = await deleteMailTokens(tx, userId, [kind])
  const mails = await deleteMailsTo(tx, userId, kind)
  return tokens + mails > 0
}

/** Voids every token that was mailed to a user who is deleted or deactivated, and takes back what has yet to be mailed. */
export async function cancelMails(tx: Tx, { id, email_key, deleted_at }: UserRow): Promise<void> {
  await deleteMailTokens(tx, id)
  await removeMailsAbout(tx, { userId: id, emailKey: email_key, until: deleted_at })
}
