import type { Tx } from '../../db/database.ts'
import { Problem } from '../../problem.ts'
import type { NewResult } from '../../queries/userImportResults.ts'
import type { ChangedUser } from '../changeUser.ts'
import { conflict, findOwners, keysOf, onlyOwner } from './conflicts.ts'
import { createUsers } from './createUsers.ts'
import type { HashedRow } from './hashPasswords.ts'
import type { Plan } from './plan.ts'
import { failed } from './rowResult.ts'
import { updateExisting } from './updateExisting.ts'

export interface Written {
  results: NewResult[]
  /** For the cache, after the commit. */
  changes: ChangedUser[]
}

/** How often in a row nothing may come of anything: somebody else makes and deletes the same users again and again. */
const patience = 10

/**
 * Writes rows as if each came alone and in the order of the file, in a few statements for all of them: as many rows at a
 * time as have nothing to do with each other.
 */
export async function writeRows(tx: Tx, rows: HashedRow[], plan: Plan): Promise<Written> {
  const written: Written = { results: [], changes: [] }
  let rest = rows
  for (let failures = 0; rest.length > 0;) {
    const before = rest.length
    const wave = withoutEchoes(rest)
    const done = await writeWave(tx, wave, plan, written)
    rest = rest.filter(({ line }) => !done.has(line))
    failures = rest.length === before ? failures + 1 : 0
    if (failures === patience) throw new Problem('unavailable', { detail: 'Too many changes at once.' })
  }
  return written
}

/** The first rows, up to one that has the username or the address of another. */
function withoutEchoes(rows: HashedRow[]): HashedRow[] {
  const seen = new Set<string>()
  const echo = rows.findIndex((row) => {
    const { username, email } = keysOf(row)
    const isSeen = seen.has(username) || seen.has(email)
    seen.add(username).add(email)
    return isSeen
  })
  return echo === -1 ? rows : rows.slice(0, echo)
}

/** Answers the lines that are done. */
async function writeWave(tx: Tx, rows: HashedRow[], plan: Plan, written: Written): Promise<Set<number>> {
  const ownersOf = await findOwners(tx, rows, plan)
  const results: NewResult[] = []
  const fresh: HashedRow[] = []
  const touched = new Set<string>()
  for (const row of rows) {
    const owners = ownersOf(row)
    // What an earlier row has made of these users, or has freed, has to be looked up first.
    if ([owners.username, owners.email].some((each) => each && touched.has(each.id))) break
    const owner = onlyOwner(owners)
    if (!owners.username && !owners.email) fresh.push(row)
    else if (!owner || plan.onConflict === 'fail') {
      results.push(failed({ line: row.line, problem: conflict(owners) }))
    } else if (plan.onConflict === 'skip' || !owner.user) {
      const status = plan.onConflict === 'skip' ? 'skipped' : 'updated'
      results.push({ line: row.line, status, user_id: owner.user?.id ?? null, problem: null })
    } else {
      touched.add(owner.id)
      const { result, change } = await updateExisting(tx, owner.user, row, plan)
      results.push(result)
      if (change) written.changes.push(change)
    }
  }
  results.push(...(await createUsers(tx, fresh, plan)))
  written.results.push(...results)
  return new Set(results.map(({ line }) => line))
}
