import type { Context } from '../../context.ts'
import { inTransaction } from '../../db/transaction.ts'
import { audit } from '../../domain/audit.ts'
import type { Input, Output } from '../../http/operation.ts'
import { endSession } from '../../queries/sessions.ts'

/** Ends the session of the token. One that had ended before is no event: signing out twice is no mistake. */
export async function logout({ actor, client }: Input<'logout'>, { db, sessions }: Context): Promise<Output<'logout'>> {
  await inTransaction(db, async (tx) => {
    const ended = await endSession(tx, actor.sessionId, 'logout')
    if (!ended) return
    const changes = { end_reason: { after: ended.end_reason } }
    await audit(tx, 'session.ended', { actor, client }, { subjectId: actor.id, changes })
  })
  await sessions.ended([actor.sessionId])
  return { status: 204 }
}
