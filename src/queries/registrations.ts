import { sql, type Insertable, type Selectable } from 'kysely'
import type { Db, Tx } from '../db/database.ts'
import { isPicked } from '../db/picked.ts'
import type { RegistrationsTable } from '../db/tables.ts'

export type RegistrationRow = Selectable<RegistrationsTable>

export async function insertRegistration(
  tx: Tx,
  registration: Omit<Insertable<RegistrationsTable>, 'expires_at'>,
  minutes: number,
): Promise<void> {
  const expiry = sql<string>`now() + make_interval(mins => ${minutes})`
  await tx
    .insertInto('registrations')
    .values({ ...registration, expires_at: expiry })
    .execute()
}

export function findRegistration(db: Db, id: string): Promise<RegistrationRow | undefined> {
  return db.selectFrom('registrations').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Gives a registration the token that completes it; an earlier one is void. */
export async function setRegistrationToken(tx: Tx, id: string, hash: Buffer, minutes: number): Promise<void> {
  const expiry = sql<string>`now() + make_interval(mins => ${minutes})`
  await tx.updateTable('registrations').set({ token_hash: hash, expires_at: expiry }).where('id', '=', id).execute()
}

/** Takes a registration out, to make a user of it: of any number of requests that try at once, one gets it. */
export function redeemRegistration(tx: Tx, hash: Buffer): Promise<RegistrationRow | undefined> {
  return tx
    .deleteFrom('registrations')
    .where('token_hash', '=', hash)
    .where('expires_at', '>', sql<string>`now()`)
    .returningAll()
    .executeTakeFirst()
}

/** Whether nobody has registered with the same address since. Ids grow with time. */
export async function isNewestRegistration(tx: Tx, registration: RegistrationRow): Promise<boolean> {
  const newer = tx
    .selectFrom('registrations')
    .select('id')
    .where('email_key', '=', registration.email_key)
    .where('id', '>', registration.id)
  return (await newer.limit(1).executeTakeFirst()) === undefined
}

/** All registrations of an address, or all but one. */
export async function deleteRegistrations(
  tx: Tx,
  emailKey: string,
  { exceptId }: { exceptId?: string } = {},
): Promise<void> {
  await tx
    .deleteFrom('registrations')
    .where('email_key', '=', emailKey)
    .$if(exceptId !== undefined, (query) => query.where('id', '!=', exceptId!))
    .execute()
}

/** Those of an address that were asked for until a moment, or until now where there is none. */
export function listRegistrations(db: Db, person: RegistrantAddress): Promise<RegistrationRow[]> {
  return db.selectFrom('registrations').selectAll().where(isOf(person)).orderBy('id').execute()
}

/** The same, removed; answers how many there were. */
export async function removeRegistrations(tx: Tx, person: RegistrantAddress): Promise<number> {
  const result = await tx.deleteFrom('registrations').where(isOf(person)).executeTakeFirstOrThrow()
  return Number(result.numDeletedRows)
}

interface RegistrantAddress {
  emailKey: string
  until: string | null
}

const isOf = ({ emailKey, until }: RegistrantAddress) =>
  sql<boolean>`email_key = ${emailKey} AND created_at <= coalesce(${until}::timestamptz, now())`

/** At most `limit` of them; answers how many. */
export async function deleteExpiredRegistrations(db: Db, limit: number): Promise<number> {
  const expired = db
    .selectFrom('registrations')
    .select('id')
    .where('expires_at', '<', sql<string>`now()`)
    .limit(limit)
    .forUpdate()
    .skipLocked()
  const result = await db.deleteFrom('registrations').where(isPicked('id', expired)).executeTakeFirstOrThrow()
  return Number(result.numDeletedRows)
}
