import type { Context } from '../context.ts'
import { inTransaction } from '../db/transaction.ts'
import { prepareMail, type QueuedMail } from '../domain/prepareMail.ts'
import { layOut } from '../mails/layout.ts'
import { isRefusedForGood, type Message } from '../platform/mailer.ts'
import { deleteMail, leaseMails, keepMailWaiting, postponeMail, type OutboxRow } from '../queries/outbox.ts'
import { describeFailure } from './failure.ts'

/** Mails that one instance sends at the same time. */
const lanes = 5
/** Longer than an attempt can take (45 s, and a few queries): whoever is still at it then has died. */
const leaseSeconds = 120
/** When to look again whether a mail too many may go. */
const laterSeconds = 60
const longestPause = 3600 // seconds
/** When to give up, in milliseconds: five days, RFC 5321 section 4.5.4.1. */
const giveUpAfter = 5 * 24 * 3600 * 1000

type Needs = Pick<Context, 'config' | 'db' | 'logger' | 'mailer'>

/**
 * Sends what is due, until nothing is, and answers how many mails were. Each mail leaves the outbox only after the mail
 * server has taken it over, so one whose sender dies goes out again: at least once, never lost. Failures are tried
 * again, later each time.
 */
export async function sendMail(context: Needs, signal?: AbortSignal): Promise<number> {
  const rows = await leaseMails(context.db, { limit: lanes, leaseSeconds })
  const ends = await Promise.allSettled(rows.map((row) => sendFrom(row, context, signal)))
  const failure = ends.find((end) => end.status === 'rejected')
  if (failure) throw failure.reason
  return ends.reduce((sum, end) => sum + (end.status === 'fulfilled' ? end.value : 0), 0)
}

/** One mail after the other, beginning with this. */
async function sendFrom(first: OutboxRow, context: Needs, signal?: AbortSignal): Promise<number> {
  let sent = 0
  let row: OutboxRow | undefined = first
  while (row) {
    const message = await prepare(context, row)
    if (message && (await deliver(context, row, message))) sent += 1
    row = signal?.aborted ? undefined : (await leaseMails(context.db, { limit: 1, leaseSeconds }))[0]
  }
  return sent
}

async function prepare({ config, db, logger }: Needs, row: OutboxRow): Promise<Message | undefined> {
  try {
    const names = { app: config.app.name, url: config.http.publicUrl }
    const mail = { ...row.details, id: row.id, kind: row.kind } as QueuedMail
    const prepared = await inTransaction(db, (tx) => prepareMail(tx, mail, names))
    if (prepared === 'later') await keepMailWaiting(db, row.id, laterSeconds)
    else if (prepared === undefined) await deleteMail(db, row.id)
    else return { id: row.id, to: prepared.to, ...layOut(prepared.text, names.app) }
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
  const about = { ...describeFailure(error), mail_id: row.id, kind: row.kind, attempts: row.attempts }
  const isGivenUp = isRefusedForGood(error) || Date.now() - Date.parse(row.created_at) > giveUpAfter
  const seconds = Math.min(longestPause, 5 * 2 ** (row.attempts - 1))
  if (isGivenUp) logger.error(about, 'a mail cannot be delivered and is given up')
  else logger.warn({ ...about, retry_in_s: seconds }, 'a mail could not be sent yet')
  await (isGivenUp ? deleteMail(db, row.id) : postponeMail(db, row.id, seconds)).catch(() => undefined)
}
