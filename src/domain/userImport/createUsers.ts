import { v7 as uuidv7 } from 'uuid'
import type { Tx } from '../../db/database.ts'
import { insertClaims } from '../../queries/userImportClaims.ts'
import type { NewResult } from '../../queries/userImportResults.ts'
import { insertSubjectKeys } from '../../queries/subjectKeys.ts'
import { insertUsers, type WholeNewUser } from '../../queries/users.ts'
import { createSubjectKey } from '../../security/personalValues.ts'
import { auditMany } from '../audit.ts'
import { keysOf } from './conflicts.ts'
import type { Plan } from './plan.ts'
import type { HashedRow } from './hashPasswords.ts'

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
  const users = rows.map(toUser)
  const inserted = await insertUsers(tx, users)
  const created = users
    .map((user, index) => ({ user, line: rows[index]!.line }))
    .filter(({ user }) => inserted.has(user.id))
  // Nobody else knows of these users yet: their keys need none of the care that others need.
  const keys = new Map(created.map(({ user }) => [user.id, createSubjectKey()]))
  await insertSubjectKeys(tx, keys)
  const events = created.map(({ user }) => ({ subjectId: user.id, changes: changesOf(user, plan.importId) }))
  await auditMany(tx, 'user.created', plan.origin, events, keys)
  return created.map(({ user, line }) => ({ line, status: 'created', user_id: user.id, problem: null }))
}

function toUser({ user, passwordHash }: HashedRow): WholeNewUser {
  return {
    id: uuidv7(),
    username: user.username,
    email: user.email,
    email_verified: user.email_verified ?? false,
    first_name: user.first_name ?? null,
    last_name: user.last_name ?? null,
    role: user.role ?? 'user',
    is_active: user.is_active ?? true,
    password_hash: passwordHash,
  }
}

function changesOf(user: WholeNewUser, importId: string): Record<string, { after: unknown }> {
  const { id: _id, password_hash: _hash, ...fields } = user
  const values = { ...fields, import_id: importId }
  return Object.fromEntries(Object.entries(values).map(([field, after]) => [field, { after }]))
}
