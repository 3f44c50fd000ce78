import type { Tx } from '../db/database.ts'
import { texts, type MailText } from '../mails/texts.ts'
import { findRegistration, setRegistrationToken } from '../queries/registrations.ts'
import { isQueued } from '../queries/outbox.ts'
import { findTaken, findUserByIdentifier, lockUser, type UserRow } from '../queries/users.ts'
import { createSecret, hashSecret } from '../security/secrets.ts'
import type { Mail } from './mail.ts'
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

/**
 * Finds out to whom a mail of the outbox goes and what it says now, and makes the token it carries (which voids an
 * earlier one). Undefined where nothing is left to say: the account is gone, or there never was one, or the mail was
 * withdrawn.
 */
export async function prepareMail(tx: Tx, mail: QueuedMail, names: Names): Promise<PreparedMail | undefined> {
  if (mail.kind === 'registration') return prepareRegistration(tx, mail.registrationId, names)
  const user =
    mail.kind === 'password-reset' ? await findUserByIdentifier(tx, mail.email) : await lockUser(tx, mail.userId)
  // Looked for under the lock: whoever withdraws a mail has locked the user, and so also takes back the token made here.
  if (!user?.is_active || !(await isQueued(tx, mail.id))) return undefined
  switch (mail.kind) {
    case 'email-verification':
      return user.email_verified
        ? undefined
        : { to: user.email, text: texts.verifyEmail(names, await tokenFor(tx, user, mail.kind)) }
    case 'email-change':
      return prepareEmailChange(tx, user, mail.newEmail, names)
    case 'email-change-notice':
      return { to: mail.oldEmail, text: texts.emailChangeNotice(names, user.username) }
    case 'password-reset':
      return { to: user.email, text: texts.resetPassword(names, user.username, await tokenFor(tx, user, mail.kind)) }
    case 'password-changed':
      return { to: user.email, text: texts.passwordChanged(names, user.username) }
  }
}

/** Whoever reads the mail owns the address, and may know what registering could not tell a stranger. */
async function prepareRegistration(tx: Tx, id: string, names: Names): Promise<PreparedMail | undefined> {
  const registration = await findRegistration(tx, id)
  if (!registration) return undefined
  const { email: to, username } = registration
  const taken = await findTaken(tx, { email: to, username })
  if (taken.includes('email')) return { to, text: texts.addressKnown(names) }
  if (taken.includes('username')) return { to, text: texts.usernameTaken(names, username) }
  const token = createSecret()
  await setRegistrationToken(tx, id, hashSecret(token), tokenMinutes.verification)
  return { to, text: texts.verifyRegistration(names, username, token) }
}

async function prepareEmailChange(tx: Tx, user: UserRow, to: string, names: Names): Promise<PreparedMail> {
  const taken = await findTaken(tx, { id: user.id, email: to })
  if (taken.length > 0) return { to, text: texts.addressKnown(names) }
  const token = await issueMailToken(tx, { purpose: 'email-change', userId: user.id, email: to })
  return { to, text: texts.confirmNewEmail(names, user.username, token) }
}

function tokenFor(tx: Tx, user: UserRow, purpose: 'email-verification' | 'password-reset'): Promise<string> {
  return issueMailToken(tx, { purpose, userId: user.id, email: user.email })
}
