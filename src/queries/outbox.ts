import { sql, type Selectable } from 'kysely'
import type { Db, Tx } from '../db/database.ts'
import { isPicked } from '../db/picked.ts'
import type { OutboxTable } from '../db/tables.ts'

export type OutboxRow = Selectable<OutboxTable>

export async function insertMail(tx: Tx, mail: { id: string; kind: string; details: string }): Promise<void> {
  await tx.insertInto('outbox').values(mail).execute()
}

/**
 * Takes mails that are due for `leaseSeconds`: no other instance takes them meanwhile, and whoever dies with them leaves
 * them due again afterwards.
 */
export function leaseMails(
  db: Db,
  { limit, leaseSeconds }: { limit: number; leaseSeconds: number },
): Promise<OutboxRow[]> {
  const due = db
    .selectFrom('outbox')
    .select('id')
    .where('next_attempt_at', '<=', sql<string>`now()`)
    .orderBy('next_attempt_at')
    .limit(limit)
    .forUpdate()
    .skipLocked()
  return db
    .updateTable('outbox')
    .set({ attempts: sql`attempts + 1`, next_attempt_at: sql`now() + make_interval(secs => ${leaseSeconds})` })
    .where(isPicked('id', due))
    .returningAll()
    .execute()
}

/** How many wait, counted up to `most`, and the age in seconds of the oldest of them, 0 where there is none. */
export function outboxBacklog(db: Db, most: number): Promise<{ mails: number; oldest_seconds: number }> {
  const age = sql<number>`coalesce(extract(epoch FROM now() - min(created_at)), 0)::float8`
  return db
    .selectFrom(db.selectFrom('outbox').select('created_at').limit(most).as('waiting'))
    .select([sql<number>`count(*)::int`.as('mails'), age.as('oldest_seconds')])
    .executeTakeFirstOrThrow()
}

export async function deleteMail(db: Db, id: string): Promise<void> {
  await db.deleteFrom('outbox').where('id', '=', id).execute()
}

/** Those of a kind that wait for one user. Answers how many there were. */
export async function deleteMailsTo(tx: Tx, userId: string, kind: string): Promise<number> {
  const isTheirs = sql<boolean>`details ->> 'userId' = ${userId}`
  const mails = tx.deleteFrom('outbox').where('kind', '=', kind).where(isTheirs)
  return Number((await mails.executeTakeFirstOrThrow()).numDeletedRows)
}

/** Whom a mail that waits is about: it names the user, or their address and was asked for until a moment. */
interface Addressee {
  userId: string
  emailKey: string
  /** Null is now. */
  until: string | null
}

const isAbout = ({ userId, emailKey, until }: Addressee) =>
  sql<boolean>`(details ->> 'userId' = ${userId} OR (lower((details ->> 'email') COLLATE "C") = ${emailKey}
    AND created_at <= coalesce(${until}::timestamptz, now())))`

/** With the address that each names, if it names one. */
export function listMailsAbout(
  db: Db,
  addressee: Addressee,
): Promise<(Pick<OutboxRow, 'kind' | 'created_at'> & { email: string | null })[]> {
  return db
    .selectFrom('outbox')
    .select(['kind', 'created_at'])
    .select(
      sql<string | null>`coalesce(details ->> 'newEmail', details ->> 'oldEmail', details ->> 'email')`.as('email'),
    )
    .where(isAbout(addressee))
    .orderBy('id')
    .execute()
}

/** Answers how many there were. */
export async function removeMailsAbout(tx: Tx, addressee: Addressee): Promise<number> {
  return Number((await tx.deleteFrom('outbox').where(isAbout(addressee)).executeTakeFirstOrThrow()).numDeletedRows)
}

/** Those of one kind, but not the mail that is named, if one is. */
export async function removeMailsOfKind(
  tx: Tx,
  { id, kind }: Pick<OutboxRow, 'kind'> & { id?: string },
  addressee: Addressee,
): Promise<void> {
  const mails = tx.deleteFrom('outbox').where('kind', '=', kind).where(isAbout(addressee))
  await (id === undefined ? mails : mails.where('id', '!=', id)).execute()
}

export async function isQueued(tx: Tx, id: string): Promise<boolean> {
  return (await tx.selectFrom('outbox').select('id').where('id', '=', id).executeTakeFirst()) !== undefined
}

/** For a mail whose turn has not come, which was no attempt to deliver it. */
export async function keepMailWaiting(db: Db, id: string, seconds: number): Promise<void> {
  await db
    .updateTable('outbox')
    .set({ attempts: sql`attempts - 1`, next_attempt_at: sql`now() + make_interval(secs => ${seconds})` })
    .where('id', '=', id)
    .execute()
}

export async function postponeMail(db: Db, id: string, seconds: number): Promise<void> {
  await db
    .updateTable('outbox')
    .set({ next_attempt_at: sql`now() + make_interval(secs => ${seconds})` })
    .where('id', '=', id)
    .execute()
}
