import { sql } from 'kysely'
import type { Db } from '../db/database.ts'
import { contains, isCreatedWithin, matching, segmentsOf, type UserFilters } from './userFilters.ts'

/** Up to here users are counted; beyond it their number is estimated. */
export const mostCounted = 10_000

// Where a twentieth of the first users has the term, reading on is cheaper than what an index has to say about it.
const sampleSize = 20_000
const oftenInSample = 1000

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
  return { total: Math.max(counted, await estimate(db, filters)), isEstimate: true }
}

async function countFound(db: Db, filters: UserFilters & { q: string }, most: number): Promise<number> {
  const countWithin = (length: number) =>
    countRows(db, walk(db, filters, length).where(contains(filters.q)), most)
  const sample = await countWithin(sampleSize)
  if (sample >= most) return sample
  if (sample >= oftenInSample) {
    const counted = await countWithin(Math.ceil((2 * most * sampleSize) / sample))
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

interface Explained {
  'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }]
}

/** What the planner expects, from the statistics that ANALYZE keeps. */
async function estimate(db: Db, filters: UserFilters): Promise<number> {
  const { q, ...others } = filters
  const users = matching(db.selectFrom('users').select('id'), others)
  const [explained] = await (q === undefined ? users : users.where(contains(q))).explain<Explained>('json')
  return explained?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? 0
}
