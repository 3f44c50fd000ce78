import { sql } from 'kysely'
import type { Db, Tx } from '../db/database.ts'
import { isPicked } from '../db/picked.ts'

export interface LoggedMail {
  mailId: string
  kind: string
  /** SHA-256 of the address in lower case. */
  recipient: Buffer
}

export interface RecentMails {
  lastMinute: number
  lastHour: number
  /** Whether this very mail was sent, or tried, before. */
  isLogged: boolean
}

/** Until the transaction ends nobody else counts or records mails to the recipient. */
export async function lockRecipient(tx: Tx, recipient: Buffer): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtext('mail_log'), hashtext(encode(${recipient}, 'hex')))`.execute(tx)
}

/** How many other mails of the kind went to the recipient lately. */
export function countRecentMails(tx: Tx, { mailId, kind, recipient }: LoggedMail): Promise<RecentMails> {
  const isRecent = (span: string) => sql`mail_id <> ${mailId} AND sent_at > now() - ${span}::interval`
  return tx
    .selectFrom('mail_log')
    .select(sql<number>`(count(*) FILTER (WHERE ${isRecent('1 minute')}))::integer`.as('lastMinute'))
    .select(sql<number>`(count(*) FILTER (WHERE ${isRecent('1 hour')}))::integer`.as('lastHour'))
    .select(sql<boolean>`coalesce(bool_or(mail_id = ${mailId}), false)`.as('isLogged'))
    .where('recipient', '=', recipient)
    .where('kind', '=', kind)
    .executeTakeFirstOrThrow()
}

/** A mail that is tried again moves to the present. */
export async function recordMail(tx: Tx, { mailId, kind, recipient }: LoggedMail): Promise<void> {
  await tx
    .insertInto('mail_log')
    .values({ mail_id: mailId, kind, recipient })
    .onConflict((conflict) => conflict.column('mail_id').doUpdateSet({ sent_at: sql`now()` }))
    .execute()
}

/** What went to the recipients until a moment, or until now where there is none. */
export function listLoggedMails(db: Db, mailed: Mailed): Promise<{ kind: string; sent_at: string }[]> {
  return db.selectFrom('mail_log').select(['kind', 'sent_at']).where(wentTo(mailed)).orderBy('sent_at').execute()
}

/** Forgets it; answers how many mails there were. */
export async function removeLoggedMails(tx: Tx, mailed: Mailed): Promise<number> {
  return Number((await tx.deleteFrom('mail_log').where(wentTo(mailed)).executeTakeFirstOrThrow()).numDeletedRows)
}

interface Mailed {
  recipients: Buffer[]
  until: string | null
}

const wentTo = ({ recipients, until }: Mailed) =>
  sql<boolean>`recipient = ANY (${recipients}) AND sent_at <= coalesce(${until}::timestamptz, now())`

/** Kept for a day: longer than any limit looks back, and than most mails are tried. */
export async function deleteOldMailLog(db: Db, limit: number): Promise<number> {
  const old = db
    .selectFrom('mail_log')
    .select('mail_id')
    .where('sent_at', '<', sql<string>`now() - interval '1 day'`)
    .limit(limit)
    .forUpdate()
    .skipLocked()
  const { numDeletedRows } = await db.deleteFrom('mail_log').where(isPicked('mail_id', old)).executeTakeFirstOrThrow()
  return Number(numDeletedRows)
}
