import type { Tx } from '../db/database.ts'
import { countRecentMails, lockRecipient, recordMail } from '../queries/mailLog.ts'
import { hashSecret } from '../security/secrets.ts'
import type { Mail } from './mail.ts'

const perHour = 5

/** `again` where the same mail was tried before. */
export type Turn = 'first' | 'again' | 'refused'

/**
 * Whether a mail may go to an address now: one of its kind a minute, and five an hour, whoever asks for them and from
 * wherever. Records it where it may.
 */
export async function takeTurn(tx: Tx, { id, kind }: Pick<Mail, 'kind'> & { id: string }, to: string): Promise<Turn> {
  const mail = { mailId: id, kind, recipient: hashSecret(to.toLowerCase()) }
  await lockRecipient(tx, mail.recipient)
  const { lastMinute, lastHour, isLogged } = await countRecentMails(tx, mail)
  if (lastMinute > 0 || lastHour >= perHour) return 'refused'
  await recordMail(tx, mail)
  return isLogged ? 'again' : 'first'
}
