import { sql, type Insertable, type Selectable } from 'kysely'
import type { Db, Tx } from '../db/database.ts'
import { isPicked } from '../db/picked.ts'
import type { SessionsTable } from '../db/tables.ts'
import type { UserRow } from './users.ts'

export type SessionRow = Selectable<SessionsTable>
export type NewSession = Insertable<SessionsTable>
export type EndReason = NonNullable<SessionRow['end_reason']>

/** Sessions that may be used, with their users, who may too. */
function liveSessions(db: Db) {
  return db.selectFrom('sessions').innerJoin('users', 'users.id', 'sessions.user_id').where(isLive)
}

const isLive = sql<boolean>`sessions.ended_at IS NULL AND sessions.expires_at > now()
  AND users.is_active AND users.deleted_at IS NULL`

type LiveSession = Pick<SessionRow, 'user_id'> & Pick<UserRow, 'role'>

export function findLiveSession(db: Db, id: string): Promise<LiveSession | undefined> {
  return liveSessions(db).select(['sessions.user_id', 'users.role']).where('sessions.id', '=', id).executeTakeFirst()
}

/** The same for the check of every request, with what the cache and the list of sessions want to know. */
export function findSessionState(
  db: Db,
  id: string,
): Promise<(Pick<UserRow, 'role' | 'version'> & { user_id: string; is_seen_long_ago: boolean }) | undefined> {
  return liveSessions(db)
    .select(['sessions.user_id', 'users.role', 'users.version'])
    .select(sql<boolean>`last_seen_at < now() - interval '1 minute'`.as('is_seen_long_ago'))
    .where('sessions.id', '=', id)
    .executeTakeFirst()
}

/** How many were neither ended nor have expired, counted up to `most`. */
export async function countLiveSessions(db: Db, most: number): Promise<number> {
  const live = db
    .selectFrom('sessions')
    .select('id')
    .where('ended_at', 'is', null)
    .where('expires_at', '>', sql<string>`now()`)
    .limit(most)
  const counted = db.selectFrom(live.as('live')).select(sql<number>`count(*)::int`.as('sessions'))
  return (await counted.executeTakeFirstOrThrow()).sessions
}

/** At most once a minute, however many requests notice at once. */
export async function recordSeen(db: Db, id: string): Promise<void> {
  await db
    .updateTable('sessions')
    .set({ last_seen_at: sql`now()` })
    .where('id', '=', id)
    .where('last_seen_at', '<', sql<string>`now() - interval '1 minute'`)
    .execute()
}

/** `maxDays` from now the session ends, whatever is refreshed until then. */
export function insertSession(tx: Tx, session: Omit<NewSession, 'expires_at'>, maxDays: number): Promise<SessionRow> {
  return tx
    .insertInto('sessions')
    .values({ ...session, expires_at: sql`now() + make_interval(days => ${maxDays})` })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** The same, and writes down that the session was used, and from where. */
export function touchLiveSession(tx: Tx, id: string, ip: string): Promise<LiveSession | undefined> {
  return tx
    .updateTable('sessions')
    .set({ last_seen_at: sql`now()`, ...(ip === '' ? {} : { ip }) })
    .from('users')
    .whereRef('users.id', '=', 'sessions.user_id')
    .where(isLive)
    .where('sessions.id', '=', id)
    .returning(['sessions.user_id', 'users.role'])
    .executeTakeFirst()
}

/** Ends one session; undefined where it had ended before. */
export function endSession(tx: Tx, id: string, reason: EndReason): Promise<SessionRow | undefined> {
  return ending(tx, reason).where('id', '=', id).returningAll().executeTakeFirst()
}

export function endOwnSession(
  tx: Tx,
  { id, userId }: { id: string; userId: string },
  reason: EndReason,
): Promise<SessionRow | undefined> {
  return ending(tx, reason).where('id', '=', id).where('user_id', '=', userId).returningAll().executeTakeFirst()
}

/** Ends all sessions of a user, but for one if that is given, and answers those that were alive. */
export function endSessionsOfUser(tx: Tx, userId: string, reason: EndReason, exceptId?: string): Promise<SessionRow[]> {
  return ending(tx, reason)
    .where('user_id', '=', userId)
    .where('expires_at', '>', sql<string>`now()`)
    .$if(exceptId !== undefined, (query) => query.where('id', '!=', exceptId!))
    .returningAll()
    .execute()
}

/** The sessions of a user that are alive, the newest first. */
export function listSessions(db: Db, userId: string, limit: number): Promise<SessionRow[]> {
  return db
    .selectFrom('sessions')
    .selectAll()
    .where('user_id', '=', userId)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', sql<string>`now()`)
    .where(isNotIdle)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
}

/** All sessions of a user that are still kept, ended or not, in the order of their ids, which is that of time. */
export function listAllSessions(
  db: Db,
  userId: string,
  { afterId, limit }: { afterId: string | undefined; limit: number },
): Promise<SessionRow[]> {
  return db
    .selectFrom('sessions')
    .selectAll()
    .where('user_id', '=', userId)
    .$if(afterId !== undefined, (query) => query.where('id', '>', afterId!))
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** Removes all of them, with their refresh tokens; answers how many sessions there were. */
export async function removeSessions(tx: Tx, userId: string): Promise<number> {
  return Number(
    (await tx.deleteFrom('sessions').where('user_id', '=', userId).executeTakeFirstOrThrow()).numDeletedRows,
  )
}

/** A session whose refresh token ran out unused is over, although nobody ended it. */
const isNotIdle = sql<boolean>`EXISTS (
  SELECT FROM refresh_tokens WHERE session_id = sessions.id AND spent_at IS NULL AND refresh_tokens.expires_at > now())`

/** Ends the longest unused sessions of a user who has more than `limit`, never the newest one, and answers those. */
export function endSurplusSessions(
  tx: Tx,
  { userId, newestId, limit }: { userId: string; newestId: string; limit: number },
): Promise<SessionRow[]> {
  const surplus = tx
    .selectFrom('sessions')
    .select('id')
    .where('user_id', '=', userId)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', sql<string>`now()`)
    // Its transaction may have begun before that of another login which it then waited for.
    .where('id', '!=', newestId)
    .orderBy('last_seen_at', 'desc')
    .orderBy('id', 'desc')
    .offset(limit - 1)
  return ending(tx, 'session-limit').where('id', 'in', surplus).returningAll().execute()
}

/**
 * At most `limit` sessions a month past their end, be it that somebody ended them or that they expired; answers how many.
 * Who signed in from where is not kept for longer outside the audit trail.
 */
export async function deleteOldSessions(db: Db, limit: number): Promise<number> {
  const old = db
    .selectFrom('sessions')
    .select('id')
    .where(sql<boolean>`least(ended_at, expires_at) < now() - interval '30 days'`)
    .limit(limit)
    .forUpdate()
    .skipLocked()
  const result = await db.deleteFrom('sessions').where(isPicked('id', old)).executeTakeFirstOrThrow()
  return Number(result.numDeletedRows)
}

/** Asked for when nobody was found, so that a name takes as many queries whether or not anybody bears it. */
const nobody = '00000000-0000-0000-0000-000000000000'

/** Whether the user signed in from this network (an address or a subnet) within 30 days, or has a live session there. */
export async function isKnownDevice(db: Db, userId: string | undefined, network: string): Promise<boolean> {
  const query = db
    .selectFrom('sessions')
    .select('id')
    .where('user_id', '=', userId ?? nobody)
    .where(sql<boolean>`ip <<= ${network}::inet`)
    .where(sql<boolean>`(created_at > now() - interval '30 days' OR (ended_at IS NULL AND expires_at > now()))`)
  return (await query.limit(1).executeTakeFirst()) !== undefined
}

function ending(tx: Tx, reason: EndReason) {
  return tx
    .updateTable('sessions')
    .set({ ended_at: sql`now()`, end_reason: reason })
    .where('ended_at', 'is', null)
}
