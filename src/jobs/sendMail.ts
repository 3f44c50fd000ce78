import type { Context } from '../context.ts'
import { inTransaction } from '../db/transaction.ts'
import type { Mail } from '../domain/mail.ts'
import { prepareMail } from '../domain/prepareMail.ts'
import { layOut } from '../mails/layout.ts'
import { deleteMail, leaseMails, postponeMail, type OutboxRow } from '../queries/outbox.ts'

const batch = 20
/** Longer than an attempt can take: whoever is still at it then has died. */
const leaseSeconds = 60
const longestPause = 3600 // seconds

type Needs = Pick<Context, 'config' | 'db' | 'logger' | 'mailer'>

/**
 * Sends what is due and answers how many mails were. Each mail leaves the outbox only after the mail server has taken it
 * over, so one whose sender dies goes out again: at least once, never lost. Failures are tried again, later each time.
 */
export async function sendMail(context: Needs): Promise<number> {
  const mails = await leaseMails(context.db, { limit: batch, leaseSeconds })
  const results = await Promise.all(mails.map((mail) => sendOne(context, mail)))
  return results.filter(Boolean).length
}

async function sendOne({ config, db, logger, mailer }: Needs, row: OutboxRow): Promise<boolean> {
  try {
    const names = { app: config.app.name, url: config.http.publicUrl }
    const mail = { kind: row.kind, ...row.details } as Mail
    const prepared = await inTransaction(db, (tx) => prepareMail(tx, mail, names))
    if (prepared) await mailer.send({ id: row.id, to: prepared.to, ...layOut(prepared.text, names.app) })
    await deleteMail(db, row.id)
    return prepared !== undefined
  } catch (error) {
    const seconds = Math.min(longestPause, 5 * 2 ** (row.attempts - 1))
    logger.warn(
      { err: error, mail_id: row.id, kind: row.kind, attempts: row.attempts, retry_in_s: seconds },
      'a mail could not be sent yet',
    )
    await postponeMail(db, row.id, seconds)
    return false
  }
}
