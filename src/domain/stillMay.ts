import type { Permission } from '../../generated/contract.ts'
import type { Tx } from '../db/database.ts'
import { Problem } from '../problem.ts'
import { findLiveSession } from '../queries/sessions.ts'
import type { Actor } from '../security/actor.ts'
import { hasPermission } from '../security/permissions.ts'

/**
 * Looks once more, in the transaction of the change, whether the actor's session lives and their role has the
 * permission: hashing a password may have taken seconds since the request was let in. Throws `invalid-token` or
 * `forbidden`.
 */
export async function demandStill(tx: Tx, actor: Actor, permission: Permission): Promise<void> {
  const session = await findLiveSession(tx, actor.sessionId)
  if (!session) throw new Problem('invalid-token')
  if (!hasPermission(session.role, permission)) throw new Problem('forbidden')
}
