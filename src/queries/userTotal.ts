import { sql } from 'kysely'
import type { Db } from '../db/database.ts'
import { estimateUsers } from './userEstimate.ts'
import { contains, isCreatedWithin, matching, segmentsOf, type UserFilters } from './userFilters.ts'

/** Up to here users are counted; beyond it their number is estimated. */
export const mostCounted = 10_000

// Where more than a twentieth has the term, reading on to the last that counts is cheaper than to ask an index for all.
const oftenShare = 0.05

export interface UserTotal {
  total: number
  isEstimate: boolean
}

/** How many users pass the filters. Reads no further than it takes to know that there are too many to count. */
export async function countUsers(db: Db, filters: UserFilters): Promise<UserTotal> {
  const most = mostCounted + 1
  const counted = await (filters.q === undefined
    ? countRows(db, walk(db, filters, most), most)
    : countFound(db, { ...filters, q: filters.q }, most))
  if (counted < most) return { total: counted, isEstimate: false }
  return { total: Math.max(counted, await estimateUsers(db, filters)), isEstimate: true }
}

async function countFound(db: Db, filters: UserFilters & { q: string }, most: number): Promise<number> {
  const { q, ...others } = filters
  const share = (await estimateUsers(db, filters)) / (await estimateUsers(db, others))
  if (share > oftenShare) {
    const counted = await countRows(db, walk(db, filters, Math.ceil((2 * most) / share)).where(contains(q)), most)
    if (counted >= most) return counted
  }
  return countRows(db, matching(db.selectFrom('users').select('search_text'), filters), most)
}

/** `length` users that pass all filters but the term, found in the order of an index: never by reading all there are. */
function walk(db: Db, filters: UserFilters, length: number) {
  const within = isCreatedWithin(filters)
  // Where nobody asks for the text, the index alone answers.
  const text = filters.q === undefined ? sql<string>`''` : sql<string>`search_text`
  const branches = segmentsOf(filters).map((segment) => {
    const users = db.selectFrom('users').select(text.as('search_text')).where('segment', '=', segment)
    const branch = (within ? users.where(within) : users).orderBy('created_at').limit(length)
    return db.selectFrom(branch.as('users')).selectAll()
  })
  const all = branches.reduce((rows, branch) => rows.unionAll(branch))
  return db.selectFrom(db.selectFrom(all.as('users')).selectAll().limit(length).as('users')).selectAll()
}

async function countRows(db: Db, rows: ReturnType<typeof walk>, most: number): Promise<number> {
  const counting = db.selectFrom(rows.limit(most).as('users')).select(sql<string>`count(*)`.as('total'))
  return Number((await counting.executeTakeFirstOrThrow()).total)
}
