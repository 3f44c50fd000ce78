import { sql, type Insertable, type Selectable } from 'kysely'
import type { Db, Tx } from '../db/database.ts'
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

export async function deleteExpiredRegistrations(tx: Tx): Promise<void> {
  await tx
    .deleteFrom('registrations')
    .where('expires_at', '<', sql<string>`now()`)
    .execute()
}
