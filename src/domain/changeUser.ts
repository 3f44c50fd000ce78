import type { Tx } from '../db/database.ts'
import { Problem } from '../problem.ts'
import { hasOtherActiveAdministrator, updateUser, type UserRow } from '../queries/users.ts'
import { mayManage, mayWrite } from '../security/permissions.ts'
import { audit, type Origin } from './audit.ts'
import { changesBetween } from './auditValues.ts'
import { endSessions } from './endSessions.ts'
import { cancelEmailChange, cancelMails, queueMail } from './mail.ts'
import { normaliseName } from './personName.ts'
import { refuseReservedName } from './reservedNames.ts'
import { withdrawEmailChange } from './withdrawEmailChange.ts'
import type { Actor } from '../security/actor.ts'

const fields = ['username', 'email', 'first_name', 'last_name', 'role', 'is_active'] as const
type Field = (typeof fields)[number]
export type ProfileChanges = { [F in Field]?: UserRow[F] | undefined }

/** The properties that not everybody who may change a user may write. */
export const guardedFields = { role: 'users:set-role', is_active: 'users:set-active' } as const

export interface ChangedUser {
  user: UserRow
  /** Ids, for `SessionStates.ended` after the commit. */
  endedSessions: string[]
}

/**
 * Changes a user who is locked by this transaction. What stays the same is no change: it moves neither version nor
 * `updated_at` and is no event. A new e-mail address is unverified; a deactivated user is signed out everywhere, and what
 * was mailed to them is void for good: no link of before works once they are activated again.
 */
export async function changeUser(tx: Tx, user: UserRow, wanted: ProfileChanges, origin: Origin): Promise<ChangedUser> {
  // Without an actor it is the operator, at the machine itself.
  const { actor } = origin
  if (actor) refuseForbidden(actor, user, wanted)
  const after: ProfileChanges = { ...wanted }
  const isRenamed = wanted.username !== undefined && wanted.username.toLowerCase() !== user.username_key
  if (isRenamed && actor && actor.role !== 'admin') refuseReservedName(wanted.username ?? '')
  if (wanted.first_name !== undefined) after.first_name = normaliseName(wanted.first_name, 'first_name')
  if (wanted.last_name !== undefined) after.last_name = normaliseName(wanted.last_name, 'last_name')
  if (after.email !== undefined && actor?.id === user.id) {
    const isNew = after.email.toLowerCase() !== user.email_key
    // Whoever names the present address wants to keep it.
    await (isNew ? requestEmailChange(tx, user, after.email, origin) : withdrawEmailChange(tx, user.id, origin))
    if (isNew) delete after.email
  }
  const changed = fields.filter((field) => after[field] !== undefined && after[field] !== user[field])
  if (changed.length === 0) return { user, endedSessions: [] }

  await keepAnAdministrator(tx, user, { role: after.role ?? user.role, is_active: after.is_active ?? user.is_active })
  const reset = changed.includes('email') ? { email_verified: false } : {}
  const updated = await updateUser(tx, user, { ...pick(after, changed), ...reset })
  const changes = changesBetween(user, updated, [...fields, 'email_verified'])
  await audit(tx, 'user.updated', origin, { subjectId: user.id, changes })
  if (changed.includes('email')) await cancelEmailChange(tx, user.id)
  if (!user.is_active || updated.is_active) return { user: updated, endedSessions: [] }
  await cancelMails(tx, updated)
  return { user: updated, endedSessions: await endSessions(tx, user.id, 'user-disabled', origin) }
}

/**
 * The address that people give themselves, and have yet to show is theirs: a slip, or somebody at an unlocked screen,
 * must not cost the account. Administrators set the addresses of others at once.
 */
async function requestEmailChange(tx: Tx, user: UserRow, newEmail: string, origin: Origin): Promise<void> {
  await cancelEmailChange(tx, user.id)
  await queueMail(tx, { kind: 'email-change', userId: user.id, newEmail })
  await queueMail(tx, { kind: 'email-change-notice', userId: user.id, oldEmail: user.email })
  const changes = { email: { before: user.email, after: newEmail } }
  await audit(tx, 'email.change-requested', origin, { subjectId: user.id, changes })
}

/**
 * Throws `forbidden` for an account out of the actor's reach. Asked before an `If-Match` is looked at, which must make no
 * difference to those who may not change the user anyway (RFC 9110 section 13.2.1).
 */
export function demandReach(actor: Actor, user: UserRow): void {
  if (!mayManage(actor, user)) throw new Problem('forbidden')
}

/** Throws `forbidden`: for an account out of the actor's reach, or naming each property that is. */
function refuseForbidden(actor: Actor, user: UserRow, wanted: ProfileChanges): void {
  demandReach(actor, user)
  const refused = Object.entries(guardedFields).filter(
    ([field, permission]) => wanted[field as Field] !== undefined && !mayWrite(actor, user, permission),
  )
  if (refused.length > 0) throw forbiddenProperties(refused.map(([field]) => field))
}

/** The 403 that names the properties the caller may not write. */
function forbiddenProperties(names: string[]): Problem {
  const errors = names.map((name) => ({
    in: 'body' as const,
    pointer: `/${name}`,
    code: 'forbidden-property',
    detail: 'may not be written by you',
  }))
  return new Problem('forbidden', { errors })
}

/** Throws `last-admin` where the change takes away the last active administrator. */
export async function keepAnAdministrator(
  tx: Tx,
  before: UserRow,
  after: Pick<UserRow, 'role' | 'is_active'> | undefined,
): Promise<void> {
  const counts = (user: Pick<UserRow, 'role' | 'is_active'> | undefined) => user?.role === 'admin' && user.is_active
  if (!counts(before) || counts(after) || (await hasOtherActiveAdministrator(tx, before.id))) return
  throw new Problem('last-admin', { detail: 'This account is the last active administrator.' })
}

function pick(source: ProfileChanges, names: Field[]): ProfileChanges {
  return Object.fromEntries(names.map((name) => [name, source[name]]))
}
