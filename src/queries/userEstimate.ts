import type { Db } from '../db/database.ts'
import { contains, matching, type UserFilters } from './userFilters.ts'

interface Explained {
  'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }]
}

/** How many users the planner expects to pass the filters, from the statistics that ANALYZE keeps; none are read. */
export async function estimateUsers(db: Db, filters: UserFilters): Promise<number> {
  const { q, ...others } = filters
  const users = matching(db.selectFrom('users').select('id'), others)
  const [explained] = await (q === undefined ? users : users.where(contains(q))).explain<Explained>('json')
  return explained?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? 0
}
