import { contract, type OperationId } from '../../generated/contract.ts'
import type { Db } from '../db/database.ts'
import { Problem } from '../problem.ts'
import { findLiveSession } from '../queries/sessions.ts'
import type { Actor } from '../security/actor.ts'
import { isPermitted } from '../security/permissions.ts'

/**
 * Looks once more whether the actor's session lives and their role may do this, in the transaction of a change where there
 * is one: since the request was let in, its body may have been half a minute on the way, a password have been hashed, a lock
 * been waited for; and who reads an export may take hours. Asked once nothing is left to wait for. Throws `invalid-token` or
 * `forbidden`.
 *
 * @returns the actor with the role they have now.
 */
export async function demandStill(db: Db, actor: Actor, id: OperationId, userId?: string): Promise<Actor> {
  const session = await findLiveSession(db, actor.sessionId)
  if (!session) throw new Problem('invalid-token')
  const present = { ...actor, role: session.role }
  if (!isPermitted(present, contract[id].permissions, userId)) throw new Problem('forbidden')
  return present
}

/** What is read for somebody piece by piece, which may take hours: what is read once they may not goes to nobody. */
export async function* whileAllowed<Piece>(
  pieces: AsyncIterable<Piece>,
  may: () => Promise<unknown>,
): AsyncGenerator<Piece> {
  for await (const piece of pieces) {
    await may()
    yield piece
  }
}
