import { sql, type Insertable, type Selectable } from 'kysely'
import type { Db, Tx } from '../db/database.ts'
import type { SessionsTable } from '../db/tables.ts'
import type { UserRow } from './users.ts'

export type SessionRow = Selectable<SessionsTable>
export type NewSession = Insertable<SessionsTable>
export type EndReason = NonNullable<SessionRow['end_reason']>

/** The session with the state of its user, as long as both may be used. */
export function findLiveSession(
  db: Db,
  id: string,
): Promise<(Pick<SessionRow, 'user_id' | 'expires_at'> & Pick<UserRow, 'role'>) | undefined> {
  return db
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.user_id')
    .select(['sessions.user_id', 'sessions.expires_at', 'users.role'])
    .where('sessions.id', '=', id)
    .where('sessions.ended_at', 'is', null)
    .where('sessions.expires_at', '>', sql<string>`now()`)
    .where('users.is_active', '=', true)
    .where('users.deleted_at', 'is', null)
    .executeTakeFirst()
}

/** `maxDays` from now the session ends, whatever is refreshed until then. */
export function insertSession(tx: Tx, session: Omit<NewSession, 'expires_at'>, maxDays: number): Promise<SessionRow> {
  return tx
    .insertInto('sessions')
    .values({ ...session, expires_at: sql`now() + make_interval(days => ${maxDays})` })
    .returningAll()
    .executeTakeFirstOrThrow()
}

export async function touchSession(tx: Tx, id: string): Promise<void> {
  await tx
    .updateTable('sessions')
    .set({ last_seen_at: sql`now()` })
    .where('id', '=', id)
    .execute()
}

/** Ends one session; undefined where it had ended before. */
export function endSession(tx: Tx, id: string, reason: EndReason): Promise<SessionRow | undefined> {
  return ending(tx, reason).where('id', '=', id).returningAll().executeTakeFirst()
}

/** Ends all sessions of a user and answers those that were alive. */
export function endSessionsOfUser(tx: Tx, userId: string, reason: EndReason): Promise<SessionRow[]> {
  return ending(tx, reason).where('user_id', '=', userId).returningAll().execute()
}

function ending(tx: Tx, reason: EndReason) {
  return tx
    .updateTable('sessions')
    .set({ ended_at: sql`now()`, end_reason: reason })
    .where('ended_at', 'is', null)
}
