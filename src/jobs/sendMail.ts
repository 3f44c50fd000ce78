import type { Context } from '../context.ts'
import { inTransaction } from '../db/transaction.ts'
import { prepareMail, type QueuedMail } from '../domain/prepareMail.ts'
import { layOut } from '../mails/layout.ts'
import { isRefusedForGood, type Message } from '../platform/mailer.ts'
import { deleteMail, leaseMails, postponeMail, type OutboxRow } from '../queries/outbox.ts'

const batch = 20
/** Longer than an attempt can take: whoever is still at it then has died. */
const leaseSeconds = 60
const longestPause = 3600 // seconds
/** When to give up, in milliseconds: five days, RFC 5321 section 4.5.4.1. */
const giveUpAfter = 5 * 24 * 3600 * 1000

type Needs = Pick<Context, 'config' | 'db' | 'logger' | 'mailer'>

/**
 * Sends what is due and answers how many mails were. Each mail leaves the outbox only after the mail server has taken it
 * over, so one whose sender dies goes out again: at least once, never lost. Failures are tried again, later each time.
 */
export async function sendMail(context: Needs): Promise<number> {
  const rows = await leaseMails(context.db, { limit: batch, leaseSeconds })
  const deliveries: Promise<boolean>[] = []
  // Prepared in the order in which they were asked for: of two with tokens the later one's holds.
  for (const row of rows.sort((one, other) => (one.id < other.id ? -1 : 1))) {
    const message = await prepare(context, row)
    if (message) deliveries.push(deliver(context, row, message))
  }
  return (await Promise.all(deliveries)).filter(Boolean).length
}

async function prepare({ config, db, logger }: Needs, row: OutboxRow): Promise<Message | undefined> {
  try {
    const names = { app: config.app.name, url: config.http.publicUrl }
    const mail = { ...row.details, id: row.id, kind: row.kind } as QueuedMail
    const prepared = await inTransaction(db, (tx) => prepareMail(tx, mail, names))
    if (prepared) return { id: row.id, to: prepared.to, ...layOut(prepared.text, names.app) }
    await deleteMail(db, row.id)
  } catch (error) {
    await putOff({ db, logger }, row, error)
  }
  return undefined
}

async function deliver({ db, logger, mailer }: Needs, row: OutboxRow, message: Message): Promise<boolean> {
  try {
    await mailer.send(message)
    await deleteMail(db, row.id)
    return true
  } catch (error) {
    await putOff({ db, logger }, row, error)
    return false
  }
}

/** Never fails: where the database cannot be told, the mail is due again once its lease is over. */
async function putOff({ db, logger }: Pick<Needs, 'db' | 'logger'>, row: OutboxRow, error: unknown): Promise<void> {
  const about = { err: error, mail_id: row.id, kind: row.kind, attempts: row.attempts }
  const isGivenUp = isRefusedForGood(error) || Date.now() - Date.parse(row.created_at) > giveUpAfter
  const seconds = Math.min(longestPause, 5 * 2 ** (row.attempts - 1))
  if (isGivenUp) logger.error(about, 'a mail cannot be delivered and is given up')
  else logger.warn({ ...about, retry_in_s: seconds }, 'a mail could not be sent yet')
  await (isGivenUp ? deleteMail(db, row.id) : postponeMail(db, row.id, seconds)).catch(() => undefined)
}
