import type { Db } from '../db/database.ts'
import type { Cache } from '../platform/cache.ts'
import { createSingleFlight } from '../platform/singleFlight.ts'
import { findSessionState, recordSeen } from '../queries/sessions.ts'
import type { Actor, Role } from './actor.ts'
import type { Claims } from './tokens.ts'

/**
 * How old what is known of a session and its user may be, in milliseconds: the longest a revocation on another instance
 * can take to count here, whatever happens to Redis and its contents meanwhile. Redis may keep it for another 300: it
 * takes what was sent 150 before, by a clock that is known to another 150 (`patience` of redis.ts). Together, a second.
 */
const maxAge = 700

export interface SessionStates {
  /** The user behind a token as they are now; undefined where the session or the user is no longer good. */
  find(claims: Claims): Promise<Actor | undefined>
  /** To be called after the commit that ended these sessions: they count no longer, from the next request on. */
  ended(sessionIds: string[]): Promise<void>
  /** To be called after the commit that changed this user. */
  changed(user: UserState): Promise<void>
}

export interface UserState {
  id: string
  version: number
  role: Role
  is_active: boolean
  deleted_at: string | null
}

type LoadedState = Pick<UserState, 'role' | 'version'>

const alive = 1
const dead = 2

/** Session and user state from the cache, with PostgreSQL behind it; throws where neither can tell. */
export function createSessionStates(db: Db, cache: Cache): SessionStates {
  const share = createSingleFlight<LoadedState | undefined>(maxAge)

  async function load({ sessionId, userId }: Claims): Promise<LoadedState | undefined> {
    const began = performance.now()
    const state = await findSessionState(db, sessionId)
    if (state?.user_id !== userId) return undefined
    // Being a minute late with this is no reason to refuse a request.
    if (state.is_seen_long_ago) void recordSeen(db, sessionId).catch(() => undefined)
    const age = performance.now() - began
    if (age < maxAge) {
      await Promise.all([
        cache.write(sessionKey(sessionId), { version: alive, value: userId }, maxAge - age),
        cache.write(userKey(userId), { version: state.version, value: state.role }, maxAge - age),
      ])
    }
    return state
  }

  return {
    async find(claims) {
      const { sessionId, userId } = claims
      const [session, user] = await cache.read([sessionKey(sessionId), userKey(userId)])
      if (session?.value === null || user?.value === null) return undefined
      if (session?.value === userId && user) return { id: userId, role: user.value as Role, sessionId }
      const loaded = await share(sessionId, () => load(claims))
      // A load that others had begun may be older than a change that the cache knew when this request came.
      const latest = loaded && user && user.version > loaded.version ? (user.value as Role) : loaded?.role
      return latest && { id: userId, role: latest, sessionId }
    },

    async ended(sessionIds) {
      await Promise.all(sessionIds.map((id) => cache.write(sessionKey(id), { version: dead, value: null }, maxAge)))
    },

    async changed(user) {
      const value = user.is_active && user.deleted_at === null ? user.role : null
      await cache.write(userKey(user.id), { version: user.version, value }, maxAge)
    },
  }
}

function sessionKey(id: string): string {
  return `session:${id}`
}

function userKey(id: string): string {
  return `user:${id}`
}
