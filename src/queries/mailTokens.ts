import { sql, type Selectable } from 'kysely'
import type { Db, Tx } from '../db/database.ts'
import { isPicked } from '../db/picked.ts'
import type { MailTokensTable } from '../db/tables.ts'

export type MailTokenRow = Selectable<MailTokensTable>
export type MailTokenPurpose = MailTokenRow['purpose']

interface NewMailToken {
  hash: Buffer
  purpose: MailTokenPurpose
  userId: string
  email: string
  minutes: number
}

/** Stores a token; an earlier one of the same user and purpose is void from then on. */
export async function replaceMailToken(tx: Tx, { hash, purpose, userId, email, minutes }: NewMailToken): Promise<void> {
  const values = {
    token_hash: hash,
    email,
    created_at: sql<string>`now()`,
    expires_at: sql<string>`now() + make_interval(mins => ${minutes})`,
  }
  await tx
    .insertInto('mail_tokens')
    .values({ ...values, user_id: userId, purpose })
    .onConflict((conflict) => conflict.columns(['user_id', 'purpose']).doUpdateSet(values))
    .execute()
}

/** A token that could be redeemed now. */
export function findMailToken(db: Db, hash: Buffer, purposes: MailTokenPurpose[]): Promise<MailTokenRow | undefined> {
  return db
    .selectFrom('mail_tokens')
    .selectAll()
    .where('token_hash', '=', hash)
    .where('purpose', 'in', purposes)
    .where('expires_at', '>', sql<string>`now()`)
    .executeTakeFirst()
}

/** Whether a token for a purpose, mailed to this very address of the user, could be redeemed now. */
export async function holdsMailToken(
  tx: Tx,
  { purpose, userId, email }: Pick<NewMailToken, 'purpose' | 'userId' | 'email'>,
): Promise<boolean> {
  const token = tx
    .selectFrom('mail_tokens')
    .select('token_hash')
    .where('user_id', '=', userId)
    .where('purpose', '=', purpose)
    .where('email', '=', email)
    .where('expires_at', '>', sql<string>`now()`)
  return (await token.executeTakeFirst()) !== undefined
}

/** Redeems a token: of any number of requests that try at once, one gets the row. */
export function redeemMailToken(tx: Tx, hash: Buffer, purposes: MailTokenPurpose[]): Promise<MailTokenRow | undefined> {
  return tx
    .deleteFrom('mail_tokens')
    .where('token_hash', '=', hash)
    .where('purpose', 'in', purposes)
    .where('expires_at', '>', sql<string>`now()`)
    .returningAll()
    .executeTakeFirst()
}

/** Makes what was mailed before void, whatever it was for where no purposes are given. Answers how many there were. */
export async function deleteMailTokens(tx: Tx, userId: string, purposes?: MailTokenPurpose[]): Promise<number> {
  const tokens = tx
    .deleteFrom('mail_tokens')
    .where('user_id', '=', userId)
    .$if(purposes !== undefined, (query) => query.where('purpose', 'in', purposes!))
  return Number((await tokens.executeTakeFirstOrThrow()).numDeletedRows)
}

/** Those of a user, redeemable or not, without their hashes. */
export function listMailTokens(db: Db, userId: string): Promise<Omit<MailTokenRow, 'token_hash' | 'user_id'>[]> {
  return db
    .selectFrom('mail_tokens')
    .select(['purpose', 'email', 'created_at', 'expires_at'])
    .where('user_id', '=', userId)
    .orderBy('created_at')
    .execute()
}

/** At most `limit` of them; answers how many. */
export async function deleteExpiredMailTokens(db: Db, limit: number): Promise<number> {
  const expired = db
    .selectFrom('mail_tokens')
    .select('token_hash')
    .where('expires_at', '<', sql<string>`now()`)
    .limit(limit)
    .forUpdate()
    .skipLocked()
  const result = await db.deleteFrom('mail_tokens').where(isPicked('token_hash', expired)).executeTakeFirstOrThrow()
  return Number(result.numDeletedRows)
}
