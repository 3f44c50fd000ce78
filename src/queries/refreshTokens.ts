import { sql, type Selectable } from 'kysely'
import type { Db, Tx } from '../db/database.ts'
import { isPicked } from '../db/picked.ts'
import type { RefreshTokensTable } from '../db/tables.ts'

export type RefreshTokenRow = Selectable<RefreshTokensTable>

/** Gives the session its next token, void when idle for `idleMinutes` or when the session ends. Answers its seconds. */
export async function insertRefreshToken(
  tx: Tx,
  { hash, sessionId, idleMinutes }: { hash: Buffer; sessionId: string; idleMinutes: number },
): Promise<number> {
  const sessionEnd = tx.selectFrom('sessions').select('expires_at').where('id', '=', sessionId)
  const { seconds } = await tx
    .insertInto('refresh_tokens')
    .values({
      token_hash: hash,
      session_id: sessionId,
      expires_at: sql`least(now() + make_interval(mins => ${idleMinutes}), ${sessionEnd})`,
    })
    .returning(secondsLeft.as('seconds'))
    .executeTakeFirstOrThrow()
  return seconds
}

/**
 * Spends a token, if it is the live one: of any number of requests that try at once exactly one gets the row, the
 * others wait for it and then find the token spent.
 */
export function spendRefreshToken(tx: Tx, hash: Buffer, sealedSuccessor: Buffer): Promise<RefreshTokenRow | undefined> {
  return tx
    .updateTable('refresh_tokens')
    .set({ spent_at: sql`clock_timestamp()`, sealed_successor: sealedSuccessor })
    .where('token_hash', '=', hash)
    .where('spent_at', 'is', null)
    .where('expires_at', '>', sql<string>`now()`)
    .returningAll()
    .executeTakeFirst()
}

/** A spent token, and whether its answer may still be asked for again. */
export function findSpentToken(
  db: Db,
  hash: Buffer,
  graceSeconds: number,
): Promise<(RefreshTokenRow & { is_in_grace: boolean }) | undefined> {
  return db
    .selectFrom('refresh_tokens')
    .selectAll()
    .select(sql<boolean>`spent_at > clock_timestamp() - make_interval(secs => ${graceSeconds})`.as('is_in_grace'))
    .where('token_hash', '=', hash)
    .where('spent_at', 'is not', null)
    .executeTakeFirst()
}

/** The session of a token, spent, void or live. */
export async function findSessionOfToken(db: Db, hash: Buffer): Promise<string | undefined> {
  const query = db.selectFrom('refresh_tokens').select('session_id').where('token_hash', '=', hash)
  return (await query.executeTakeFirst())?.session_id
}

/** Seconds until the token is void; undefined where it is spent or void. */
export async function findLiveSeconds(db: Db, hash: Buffer): Promise<number | undefined> {
  const row = await db
    .selectFrom('refresh_tokens')
    .select(secondsLeft.as('seconds'))
    .where('token_hash', '=', hash)
    .where('spent_at', 'is', null)
    .where('expires_at', '>', sql<string>`now()`)
    .executeTakeFirst()
  return row?.seconds
}

/** At most `limit` of those whose session is past the end that nothing can postpone; answers how many. */
export async function deleteOldRefreshTokens(db: Db, limit: number): Promise<number> {
  const old = db
    .selectFrom('refresh_tokens')
    .innerJoin('sessions', 'sessions.id', 'refresh_tokens.session_id')
    .select('token_hash')
    .where('sessions.expires_at', '<', sql<string>`now() - interval '1 day'`)
    .limit(limit)
    .forUpdate('refresh_tokens')
    .skipLocked()
  const result = await db.deleteFrom('refresh_tokens').where(isPicked('token_hash', old)).executeTakeFirstOrThrow()
  return Number(result.numDeletedRows)
}

/** All of a user; answers how many there were. */
export async function removeRefreshTokens(tx: Tx, userId: string): Promise<number> {
  const theirs = tx.selectFrom('sessions').select('id').where('user_id', '=', userId)
  const result = await tx.deleteFrom('refresh_tokens').where('session_id', 'in', theirs).executeTakeFirstOrThrow()
  return Number(result.numDeletedRows)
}

const secondsLeft = sql<number>`greatest(1, floor(extract(epoch FROM expires_at - now()))::integer)`
