import type { Tx } from '../db/database.ts'
import { deleteMailTokens, listMailTokens } from '../queries/mailTokens.ts'
import { removeLoggedMails } from '../queries/mailLog.ts'
import { listMailsAbout, removeMailsAbout } from '../queries/outbox.ts'
import { removeRegistrations } from '../queries/registrations.ts'
import { removeSessions } from '../queries/sessions.ts'
import { destroySubjectKey } from '../queries/subjectKeys.ts'
import { removeClaims } from '../queries/userImportClaims.ts'
import { disownResults } from '../queries/userImportResults.ts'
import { removeUser, type UserRow } from '../queries/users.ts'
import { hashSecret } from '../security/secrets.ts'
import type { Origin } from './audit.ts'
import { forgetImporter } from './userImport/cancelImports.ts'

/** Under what a person is found in the tables. */
export interface Person {
  userId: string
  usernameKey: string
  emailKey: string
  /**
   * Until when name and address were theirs: null is now. Whatever was written about them after the user was deleted is
   * about somebody who has them now.
   */
  until: string | null
  /** SHA-256 of each address that mails of theirs went to or are to go to. */
  recipients: Buffer[]
}

/** Asks the database which addresses besides their own the person has named. */
export async function personOf(tx: Tx, user: UserRow): Promise<Person> {
  const { id: userId, username_key: usernameKey, email_key: emailKey, deleted_at: until } = user
  const person = { userId, usernameKey, emailKey, until }
  const [tokens, mails] = [await listMailTokens(tx, user.id), await listMailsAbout(tx, person)]
  const addresses = [user, ...tokens, ...mails].flatMap(({ email }) => (email === null ? [] : [email.toLowerCase()]))
  return { ...person, recipients: [...new Set(addresses)].map(hashSecret) }
}

/**
 * How each table forgets a person, answering how many records there were; the user and their key come last. What ends with
 * them and concerns others leaves an event of `origin`.
 * A table that is not here holds nothing personal, or goes with one that is: a test knows each.
 */
export const forgetting: Record<string, (tx: Tx, person: Person, origin: Origin) => Promise<number>> = {
  sessions: (tx, { userId }) => removeSessions(tx, userId),
  mail_tokens: (tx, { userId }) => deleteMailTokens(tx, userId),
  outbox: removeMailsAbout,
  mail_log: removeLoggedMails,
  registrations: removeRegistrations,
  user_import_claims: removeClaims,
  user_import_results: (tx, { userId }) => disownResults(tx, userId),
  user_imports: (tx, { userId }, origin) => forgetImporter(tx, origin, userId),
  users: (tx, { userId }) => removeUser(tx, userId),
  // With it all that the audit trail says of the person: nobody can read it any more.
  subject_keys: (tx, { userId }) => destroySubjectKey(tx, userId),
}
