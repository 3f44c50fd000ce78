import type { Tx } from '../../db/database.ts'
import { inSavepoint } from '../../db/savepoint.ts'
import { Problem } from '../../problem.ts'
import type { NewResult } from '../../queries/userImportResults.ts'
import type { UserRow } from '../../queries/users.ts'
import { changeUser, type ChangedUser } from '../changeUser.ts'
import { conflictOf } from '../conflict.ts'
import type { Plan } from './plan.ts'
import type { SoundRow } from './readRow.ts'
import { failed } from './rowResult.ts'

export interface Updated {
  result: NewResult
  /** For the cache, after the commit. */
  change?: ChangedUser
}

/**
 * Gives a locked user what the row gives, as `updateUser` would; what breaks a rule fails alone. The password is left as it
 * is: the person may have changed it since the file was made, and a file must not sign people out.
 */
export async function updateExisting(tx: Tx, user: UserRow, row: SoundRow, plan: Plan): Promise<Updated> {
  const { username, email, first_name, last_name, role, is_active } = row.user
  const wanted = { username, email, first_name, last_name, role, is_active }
  try {
    const change = await inSavepoint(tx, () => changeUser(tx, user, wanted, plan.origin), { keep: !plan.isDryRun })
    const result = { line: row.line, status: 'updated' as const, user_id: user.id, problem: null }
    return plan.isDryRun ? { result } : { result, change }
  } catch (error) {
    const problem = await conflictOf(error, tx, { id: user.id, username, email })
    if (!(problem instanceof Problem)) throw problem
    return { result: failed({ line: row.line, problem }) }
  }
}
