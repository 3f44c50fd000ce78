import type { Tx } from '../../db/database.ts'
import { insertAuditEvents } from '../../queries/auditEvents.ts'
import { insertSubjectKeys } from '../../queries/subjectKeys.ts'
import { insertClaims } from '../../queries/userImportClaims.ts'
import type { NewResult } from '../../queries/userImportResults.ts'
import { insertUsers } from '../../queries/users.ts'
import { keysOf } from './conflicts.ts'
import type { HashedRow } from './hashPasswords.ts'
import type { Plan } from './plan.ts'

/**
 * Makes users of rows that met nobody when they were looked up. Rows without a result have met somebody since: a request
 * that was quicker.
 */
export async function createUsers(tx: Tx, rows: HashedRow[], plan: Plan): Promise<NewResult[]> {
  if (rows.length === 0) return []
  if (plan.isDryRun) {
    const claims = rows.flatMap((row) => Object.values(keysOf(row)).map((key) => ({ key, line: row.line })))
    await insertClaims(tx, plan.importId, claims)
    return rows.map(({ line }) => ({ line, status: 'created', user_id: null, problem: null }))
  }
  const users = rows.map(({ draft, passwordHash }) => ({ ...draft.user, password_hash: passwordHash }))
  const inserted = await insertUsers(tx, users)
  const created = rows.filter(({ draft }) => inserted.has(draft.user.id))
  // Nobody else knows of these users yet: their keys need none of the care that others need.
  await insertSubjectKeys(tx, new Map(created.map(({ draft }) => [draft.user.id, draft.key])))
  await insertAuditEvents(
    tx,
    created.map(({ draft }) => draft.event),
  )
  return created.map(({ line, draft }) => ({ line, status: 'created', user_id: draft.user.id, problem: null }))
}
