import { sql } from 'kysely'
import type { Db } from '../db/database.ts'
import { seek, toRows, type PageRequest, type Rows } from '../db/page.ts'
import { estimateUsers } from './userEstimate.ts'
import {
  contains,
  isCreatedWithin,
  matching,
  segmentsOf,
  sortKeys,
  type UserFilters,
  type UserSort,
} from './userFilters.ts'
import type { UserRow } from './users.ts'

/** A user and what the list is sorted by, as a cursor wants it. */
export type ListedUser = UserRow & { sort_key: string }

// What fills a page within so many users is common: nothing else needs to be known.
const sampleSize = 500

/**
 * One page of the users that pass the filters. An index has the order and all filters but two: a term, and the time of
 * creation in a list of another order. With one of these the list is walked for a stretch. Where that does not fill the
 * page, the walk goes on where that promises to be shorter than to fetch and sort all that pass; but not for ever, since
 * those may all be at the far end. Which way it goes changes the time alone, not the page.
 */
export async function listUsers(db: Db, filters: UserFilters, page: PageRequest<UserSort>): Promise<Rows<ListedUser>> {
  if (!isSifted(filters, page)) return toRows(await walk(db, filters, page, page.limit + 1).execute(), page)
  const found = await sift(db, filters, page, sampleSize).execute()
  if (found.length > page.limit) return toRows(found, page)
  const length = await promisingWalk(db, filters, page.limit)
  if (length > 0) {
    const further = await sift(db, filters, page, length).execute()
    if (further.length > page.limit) return toRows(further, page)
  }
  return toRows(await gather(db, filters, page).execute(), page)
}

/** Users that pass the filters in the order of their ids, the next `limit` after `id`. */
export function listUsersAfter(
  db: Db,
  filters: UserFilters,
  { id, limit }: { id: string | undefined; limit: number },
): Promise<UserRow[]> {
  return matching(db.selectFrom('users').selectAll(), filters)
    .$if(id !== undefined, (query) => query.where('id', '>', id!))
    .orderBy('id')
    .limit(limit)
    .execute()
}

/**
 * How far to walk for a page; 0 where those that pass are fewer than what would have to be walked over. Five times as far
 * as it should take, and a quarter of the way that fetching them all would be: a name comes in crowds in an order by name.
 */
async function promisingWalk(db: Db, filters: UserFilters, limit: number): Promise<number> {
  const { q: _term, created_from: _from, created_to: _to, ...others } = filters
  const passing = await estimateUsers(db, filters)
  const expected = ((limit + 1) * (await estimateUsers(db, others))) / passing
  return 5 * expected < passing ? Math.ceil(Math.max(5 * expected, passing / 4)) : 0
}

function isSifted({ q, created_from, created_to }: UserFilters, { column }: PageRequest<UserSort>): boolean {
  return q !== undefined || (column !== 'created_at' && (created_from ?? created_to) !== undefined)
}

/** The next `length` users in the order of the list, whatever their names and, in another order, their age. */
function walk(db: Db, filters: UserFilters, page: PageRequest<UserSort>, length: number) {
  const within = page.column === 'created_at' ? isCreatedWithin(filters) : undefined
  const branches = segmentsOf(filters).map((segment) => {
    const users = keyed(db, page).where('segment', '=', segment)
    // Sorted and limited each, which lets PostgreSQL merge them and read little more than what it answers.
    const branch = seek(within ? users.where(within) : users, sortKeys[page.column], page).limit(length)
    return db.selectFrom(branch.as('users')).selectAll()
  })
  const merged = branches.reduce((all, branch) => all.unionAll(branch))
  return seek(db.selectFrom(merged.as('users')).selectAll(), sql.ref('sort_key'), { ...page, after: undefined }).limit(
    length,
  )
}

/** Those of a walk that pass all filters, until there are enough for the page. */
function sift(db: Db, filters: UserFilters, page: PageRequest<UserSort>, length: number) {
  const walked = db.selectFrom(walk(db, filters, page, length).as('users')).selectAll()
  const within = isCreatedWithin(filters)
  return seek(walked, sql.ref('sort_key'), { ...page, after: undefined })
    .$if(filters.q !== undefined, (query) => query.where(contains(filters.q!)))
    .$if(within !== undefined, (query) => query.where(within!))
    .limit(page.limit + 1)
}

/** All that pass, found without regard to the order, and then sorted. */
function gather(db: Db, filters: UserFilters, page: PageRequest<UserSort>) {
  // OFFSET keeps the planner from walking along the order after all.
  const passing = matching(keyed(db, page), filters).offset(0)
  return seek(db.selectFrom(passing.as('users')).selectAll(), sql.ref('sort_key'), page).limit(page.limit + 1)
}

function keyed(db: Db, { column }: PageRequest<UserSort>) {
  return db.selectFrom('users').selectAll().select(sortKeys[column].as('sort_key'))
}
