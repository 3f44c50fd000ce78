import type { AuditAction } from '../../generated/contract.ts'
import type { Tx } from '../db/database.ts'
import { deleteMailTokens } from '../queries/mailTokens.ts'
import { removeMailsOfKind } from '../queries/outbox.ts'
import { updateUser, type UserRow } from '../queries/users.ts'
import { audit, type Origin } from './audit.ts'
import { endSessions } from './endSessions.ts'
import { cancelEmailChange, queueMail } from './mail.ts'

interface NewPassword {
  hash: string
  action: Extract<AuditAction, 'password.changed' | 'password.reset' | 'password.set'>
  /** The session that may go on. */
  exceptSessionId?: string
}

/**
 * Sets a password that was hashed already, ends what somebody else might have begun (sessions, a reset, a change of the
 * address) and tells the person. Answers the ids of the sessions that ended.
 */
export async function setPassword(
  tx: Tx,
  user: UserRow,
  { hash, action, exceptSessionId }: NewPassword,
  origin: Origin,
): Promise<string[]> {
  await updateUser(tx, user, { password_hash: hash })
  await deleteMailTokens(tx, user.id, ['password-reset'])
  await removeMailsOfKind(tx, { kind: 'password-reset' }, { userId: user.id, emailKey: user.email_key, until: null })
  await cancelEmailChange(tx, user.id)
  await audit(tx, action, origin, { subjectId: user.id })
  await queueMail(tx, { kind: 'password-changed', userId: user.id })
  return endSessions(tx, user.id, 'password-changed', origin, exceptSessionId)
}
