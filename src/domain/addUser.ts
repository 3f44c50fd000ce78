import { v7 as uuidv7 } from 'uuid'
import type { Tx } from '../db/database.ts'
import { insertUser, type UserRow } from '../queries/users.ts'
import { audit, type Origin } from './audit.ts'
import { normaliseName } from './personName.ts'

export interface NewAccount {
  username: string
  email: string
  passwordHash: string
  first_name?: string | null | undefined
  last_name?: string | null | undefined
  role?: UserRow['role'] | undefined
  is_active?: boolean | undefined
}

/** Adds a user and the event that says so. */
export async function addUser(tx: Tx, account: NewAccount, origin: Origin): Promise<UserRow> {
  const user = await insertUser(tx, {
    id: uuidv7(),
    username: account.username,
    email: account.email,
    first_name: normaliseName(account.first_name, 'first_name'),
    last_name: normaliseName(account.last_name, 'last_name'),
    role: account.role ?? 'user',
    is_active: account.is_active ?? true,
    password_hash: account.passwordHash,
  })
  const fields = ['username', 'email', 'first_name', 'last_name', 'role', 'is_active'] as const
  const changes = Object.fromEntries(fields.map((field) => [field, { after: user[field] }]))
  await audit(tx, 'user.created', origin, { subjectId: user.id, changes })
  return user
}
