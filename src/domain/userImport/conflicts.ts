import type { Tx } from '../../db/database.ts'
import { Problem } from '../../problem.ts'
import { findClaims } from '../../queries/userImportClaims.ts'
import { findUsersByKeys, foldCase, lockUsersByKeys, type UserRow } from '../../queries/users.ts'
import { taken } from '../conflict.ts'
import type { SoundRow } from './readRow.ts'
import type { Plan } from './plan.ts'

/** Who has a username or an address already: a user, or an earlier row of a dry run. */
export interface Owner {
  id: string
  user: UserRow | undefined
}

export interface Owners {
  username: Owner | undefined
  email: Owner | undefined
}

export function keysOf({ user }: SoundRow): { username: string; email: string } {
  return { username: foldCase(user.username), email: foldCase(user.email) }
}

/** Looks all rows up at once. Where users are to be updated they are locked. */
export async function findOwners(tx: Tx, rows: SoundRow[], plan: Plan): Promise<(row: SoundRow) => Owners> {
  const keys = rows.map(keysOf)
  const [usernames, emails] = [keys.map(({ username }) => username), keys.map(({ email }) => email)]
  const users = await (plan.onConflict === 'update' ? lockUsersByKeys : findUsersByKeys)(tx, usernames, emails)
  const claims = plan.isDryRun ? await findClaims(tx, plan.importId, [...usernames, ...emails]) : []
  // An address has an @, a username never.
  const owners = new Map<string, Owner>([
    ...claims.map(({ key, line }) => [key, { id: `line ${line}`, user: undefined }] as const),
    ...users.flatMap((user) => [user.username_key, user.email_key].map((key) => [key, { id: user.id, user }] as const)),
  ])
  return (row) => {
    const { username, email } = keysOf(row)
    return { username: owners.get(username), email: owners.get(email) }
  }
}

/** The one user that a row is about; undefined where it is about two, or none. */
export function onlyOwner({ username, email }: Owners): Owner | undefined {
  if (username === undefined || email === undefined) return username ?? email
  return username.id === email.id ? username : undefined
}

/** The problem of a row that cannot become a user because somebody is one already. */
export function conflict(owners: Owners): Problem {
  const { username, email } = owners
  const isSplit = onlyOwner(owners) === undefined
  const detail = isSplit ? 'The username and the e-mail address belong to two different users.' : undefined
  return new Problem('conflict', {
    errors: [...(username ? [taken('username')] : []), ...(email ? [taken('email')] : [])],
    ...(detail !== undefined && { detail }),
  })
}
