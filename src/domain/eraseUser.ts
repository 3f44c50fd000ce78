import { v7 as uuidv7 } from 'uuid'
import type { AuditAction } from '../../generated/contract.ts'
import type { Tx } from '../db/database.ts'
import { insertErasure, type ErasureRow } from '../queries/erasures.ts'
import { removeRefreshTokens } from '../queries/refreshTokens.ts'
import type { UserRow } from '../queries/users.ts'
import { audit, type Origin } from './audit.ts'
import { endSessions } from './endSessions.ts'
import { forgetting, personOf } from './personalData.ts'

interface Destroyed {
  /** Number of records by kind. */
  erased: Record<string, number>
  auditEventId: string
  /** Ids, for `SessionStates.ended` after the commit. */
  endedSessions: string[]
}

/** Destroys all that is held about a user, deleted or not, who is locked by this transaction. */
export async function destroyUser(
  tx: Tx,
  user: UserRow,
  action: Extract<AuditAction, 'user.erased' | 'user.purged' | 'user.erasure-reapplied'>,
  origin: Origin,
): Promise<Destroyed> {
  const person = await personOf(tx, user)
  const auditEventId = uuidv7()
  await audit(tx, action, origin, { id: auditEventId, subjectId: user.id })
  // Before the sessions, in which order a refresh locks them, too.
  const erased: Record<string, number> = { refresh_tokens: await removeRefreshTokens(tx, user.id) }
  const endedSessions = await endSessions(tx, user.id, 'user-deleted', origin)
  for (const [kind, forget] of Object.entries(forgetting)) erased[kind] = await forget(tx, person, origin)
  return { erased, auditEventId, endedSessions }
}

/** The same, with the receipt that goes into the ledger. */
export async function eraseUser(
  tx: Tx,
  user: UserRow,
  reason: ErasureRow['reason'],
  origin: Origin,
): Promise<{ receipt: ErasureRow; endedSessions: string[] }> {
  const action = reason === 'request' ? 'user.erased' : 'user.purged'
  const { erased, auditEventId, endedSessions } = await destroyUser(tx, user, action, origin)
  const receipt = await insertErasure(tx, {
    id: uuidv7(),
    user_id: user.id,
    reason,
    erased_by: origin.actor?.id ?? null,
    erased: JSON.stringify(erased),
    audit_event_id: auditEventId,
  })
  return { receipt, endedSessions }
}
