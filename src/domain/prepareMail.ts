import type { Tx } from '../db/database.ts'
import { texts, type MailText } from '../mails/texts.ts'
import { holdsMailToken } from '../queries/mailTokens.ts'
import {
  deleteRegistrations,
  findRegistration,
  isNewestRegistration,
  setRegistrationToken,
} from '../queries/registrations.ts'
import { isQueued, removeMailsOfKind } from '../queries/outbox.ts'
import { findTaken, findUserByIdentifier, lockUser, type UserRow } from '../queries/users.ts'
import { createSecret, hashSecret } from '../security/secrets.ts'
import { audit } from './audit.ts'
import type { Mail } from './mail.ts'
import { takeTurn } from './mailLimit.ts'
import { issueMailToken, tokenMinutes } from './mailToken.ts'

/** A mail as it waits in the outbox. */
export type QueuedMail = Mail & { id: string }

export interface PreparedMail {
  to: string
  text: MailText
}

interface Names {
  app: string
  url: string
}

type Queued<Kind extends Mail['kind']> = Extract<QueuedMail, { kind: Kind }>

/**
 * Finds out to whom a mail of the outbox goes and what it says now, and makes the token it carries (which voids an
 * earlier one). Undefined where nothing is left to say: the account is gone, or there never was one, or the mail was
 * withdrawn. A mail too many to one address is dropped where the token of the one before still holds, so that a
 * stranger who asks again and again voids nothing; where none holds, it goes `later`.
 */
export async function prepareMail(tx: Tx, mail: QueuedMail, names: Names): Promise<PreparedMail | 'later' | undefined> {
  if (mail.kind === 'registration') return prepareRegistration(tx, mail, names)
  const userId = mail.kind === 'password-reset' ? (await findUserByIdentifier(tx, mail.email))?.id : mail.userId
  const user = userId === undefined ? undefined : await lockUser(tx, userId)
  // Looked for under the lock: whoever withdraws a mail has locked the user, and so also takes back the token made here.
  if (!user?.is_active || !(await isQueued(tx, mail.id))) return undefined
  switch (mail.kind) {
    case 'email-verification':
      if (user.email_verified) return undefined
      if ((await takeTurn(tx, mail, user.email)) === 'refused') return dropOrWait(tx, user, mail)
      return { to: user.email, text: texts.verifyEmail(names, await tokenFor(tx, user, mail.kind)) }
    case 'email-change':
      return prepareEmailChange(tx, user, mail, names)
    case 'email-change-notice':
      return { to: mail.oldEmail, text: texts.emailChangeNotice(names, user.username) }
    case 'password-reset':
      return preparePasswordReset(tx, user, mail, names)
    case 'password-changed':
      return { to: user.email, text: texts.passwordChanged(names, user.username) }
  }
}

/**
 * Whoever reads the mail owns the address, and may know what registering could not tell a stranger. Of several
 * registrations of one address the newest alone counts: else the owner, who waits for a mail, might follow the link of
 * a stranger's, and get an account with the stranger's password.
 */
async function prepareRegistration(
  tx: Tx,
  mail: Queued<'registration'>,
  names: Names,
): Promise<PreparedMail | 'later' | undefined> {
  const registration = await findRegistration(tx, mail.registrationId)
  if (!registration || !(await isNewestRegistration(tx, registration))) return undefined
  const { id, email: to, username } = registration
  await deleteRegistrations(tx, registration.email_key, { exceptId: id })
  if ((await takeTurn(tx, mail, to)) === 'refused') return 'later'
  const taken = await findTaken(tx, { email: to, username })
  if (taken.includes('email')) return { to, text: texts.addressKnown(names) }
  if (taken.includes('username')) return { to, text: texts.usernameTaken(names, username) }
  const token = createSecret()
  await setRegistrationToken(tx, id, hashSecret(token), tokenMinutes.verification)
  return { to, text: texts.verifyRegistration(names, username, token) }
}

async function prepareEmailChange(
  tx: Tx,
  user: UserRow,
  mail: Queued<'email-change'>,
  names: Names,
): Promise<PreparedMail | 'later'> {
  const to = mail.newEmail
  if ((await takeTurn(tx, mail, to)) === 'refused') return 'later'
  const taken = await findTaken(tx, { id: user.id, email: to })
  if (taken.length > 0) return { to, text: texts.addressInUse(names) }
  const token = await issueMailToken(tx, { purpose: 'email-change', userId: user.id, email: to })
  return { to, text: texts.confirmNewEmail(names, user.username, token) }
}

/**
 * The event that names the account, which the request could not do without looking. It has the id of the mail: by that of
 * the request, whose event is about nobody and stays readable, the address would still be theirs once they are erased.
 */
async function preparePasswordReset(
  tx: Tx,
  user: UserRow,
  mail: Queued<'password-reset'>,
  names: Names,
): Promise<PreparedMail | 'later' | undefined> {
  const turn = await takeTurn(tx, mail, user.email)
  if (turn === 'refused') return dropOrWait(tx, user, mail)
  if (turn === 'first') {
    const client = { ...mail.client, requestId: mail.id, traceId: undefined }
    await audit(tx, 'password.reset-requested', { actor: undefined, client }, { subjectId: user.id })
  }
  return { to: user.email, text: texts.resetPassword(names, user.username, await tokenFor(tx, user, mail.kind)) }
}

/**
 * What becomes of a mail too many. It waits where whoever asked has nothing to go by: else a stranger who uses up the mails
 * of an hour would keep the owner out for the rest of it. Of those that wait one is enough.
 */
async function dropOrWait(
  tx: Tx,
  { id: userId, email, email_key: emailKey }: UserRow,
  mail: Queued<'email-verification' | 'password-reset'>,
): Promise<'later' | undefined> {
  if (await holdsMailToken(tx, { purpose: mail.kind, userId, email })) return undefined
  await removeMailsOfKind(tx, mail, { userId, emailKey, until: null })
  return 'later'
}

function tokenFor(tx: Tx, user: UserRow, purpose: 'email-verification' | 'password-reset'): Promise<string> {
  return issueMailToken(tx, { purpose, userId: user.id, email: user.email })
}
