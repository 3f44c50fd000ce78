import { sql, type RawBuilder, type SelectQueryBuilder } from 'kysely'
import type { Timestamp } from '../db/columnTypes.ts'
import type { Role, Tables, User } from '../db/tables.ts'

/** Which users a list has; what is left out does not narrow it. */
export interface UserFilters {
  role?: Role | undefined
  is_active?: boolean | undefined
  email_verified?: boolean | undefined
  /** This moment or later. */
  created_from?: Timestamp | undefined
  /** Before this moment. */
  created_to?: Timestamp | undefined
  deleted?: 'exclude' | 'include' | 'only' | undefined
  /** A part of username, e-mail address, first or last name, whatever the case and accents. */
  q?: string | undefined
}

const roles: Role[] = ['user', 'moderator', 'admin']

/**
 * The segments that have such users. A segment is everybody who is alike in being deleted, role, being active and being
 * verified; the indexes begin with it, so a list with any of these filters is read as fast as one without.
 */
export function segmentsOf({ deleted = 'exclude', role, is_active, email_verified }: UserFilters): number[] {
  const deletedOnes = { exclude: [0], include: [0, 12], only: [12] }[deleted]
  const ofRoles = roles.filter((each) => role === undefined || role === each).map((each) => roles.indexOf(each) * 4)
  const states = offsets(is_active, 2)
  return deletedOnes.flatMap((gone) =>
    ofRoles.flatMap((ofRole) =>
      states.flatMap((state) => offsets(email_verified, 1).map((verified) => gone + ofRole + state + verified)),
    ),
  )
}

/** Nothing is added for true, `offset` for false. */
function offsets(wanted: boolean | undefined, offset: number): number[] {
  if (wanted === undefined) return [0, offset]
  return [wanted ? 0 : offset]
}

/** The condition on the moment of creation, if there is one. */
export function isCreatedWithin({ created_from, created_to }: UserFilters): RawBuilder<boolean> | undefined {
  if (created_from === undefined) {
    return created_to === undefined ? undefined : sql<boolean>`created_at < ${created_to}::timestamptz`
  }
  const since = sql<boolean>`created_at >= ${created_from}::timestamptz`
  return created_to === undefined ? since : sql<boolean>`${since} AND created_at < ${created_to}::timestamptz`
}

/** Whether the term occurs, as a test of one row. */
export function contains(q: string): RawBuilder<boolean> {
  return sql<boolean>`search_text LIKE search_pattern(${q})`
}

/**
 * The same for an index to answer, which is asked for a piece of the term: that of trigrams where the piece has three
 * letters or digits in a row, else that of single characters and pairs. PostgreSQL works out which one while it plans,
 * since it is given the term then.
 */
export function isFoundBy(q: string): RawBuilder<boolean> {
  return sql<boolean>`strpos(search_text, search_term(${q})) > 0 AND search_text LIKE search_pattern(search_piece(${q}))
    AND (search_piece(${q}) ~ '[a-z0-9]{3}' OR search_grams(search_text) @> search_term_grams(search_piece(${q})))`
}

/** Those of the query's users who pass the filters, in a form that leaves it to the planner how they are found. */
export function matching<Row>(
  query: SelectQueryBuilder<Tables, 'users', Row>,
  filters: UserFilters,
): SelectQueryBuilder<Tables, 'users', Row> {
  const within = isCreatedWithin(filters)
  return query
    .where('segment', 'in', segmentsOf(filters))
    .$if(within !== undefined, (each) => each.where(within!))
    .$if(filters.q !== undefined, (each) => each.where(isFoundBy(filters.q!)))
}

/** The order of a list by each of these; who never signed in counts as whoever did so longest ago. */
export const sortKeys = {
  created_at: sql<string>`created_at`,
  updated_at: sql<string>`updated_at`,
  username: sql<string>`username_key`,
  email: sql<string>`email_key`,
  last_login_at: sql<string>`coalesce(last_login_at, '1970-01-01T00:00:00Z')`,
} satisfies Partial<Record<keyof User, RawBuilder<string>>>

export type UserSort = keyof typeof sortKeys
