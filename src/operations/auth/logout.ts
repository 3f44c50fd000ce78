import type { Context } from '../../context.ts'
import { inTransaction } from '../../db/transaction.ts'
import { auditEnd } from '../../domain/endSessions.ts'
import type { Input, Output } from '../../http/operation.ts'
import { endSession } from '../../queries/sessions.ts'
import { findUser } from '../../queries/users.ts'

/** Ends the session of the token. One that had ended before is no event: signing out twice is no mistake. */
export async function logout({ actor, client }: Input<'logout'>, { db, sessions }: Context): Promise<Output<'logout'>> {
  await inTransaction(db, async (tx) => {
    const ended = await endSession(tx, actor.sessionId, 'logout')
    if (!ended) return
    // The token was taken as it is, without a look at the user.
    const role = (await findUser(tx, actor.id))?.role ?? actor.role
    await auditEnd(tx, ended, { actor: { ...actor, role }, client })
  })
  await sessions.ended([actor.sessionId])
  return { status: 204 }
}
