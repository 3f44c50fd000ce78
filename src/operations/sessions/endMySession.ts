import type { Context } from '../../context.ts'
import { inTransaction } from '../../db/transaction.ts'
import { auditEnd } from '../../domain/endSessions.ts'
import { demandStill } from '../../domain/stillMay.ts'
import type { Input, Output } from '../../http/operation.ts'
import { Problem } from '../../problem.ts'
import { endOwnSession } from '../../queries/sessions.ts'
import { lockUser } from '../../queries/users.ts'

/** The session of somebody else is not found, as if there were none. */
export async function endMySession(
  { path, actor, client }: Input<'endMySession'>,
  { db, sessions }: Context,
): Promise<Output<'endMySession'>> {
  const ended = await inTransaction(db, async (tx) => {
    await lockUser(tx, actor.id)
    await demandStill(tx, actor, 'endMySession')
    const session = await endOwnSession(tx, { id: path.session_id, userId: actor.id }, 'revoked')
    if (!session) throw new Problem('not-found')
    await auditEnd(tx, session, { actor, client })
    return session
  })
  await sessions.ended([ended.id])
  return { status: 204 }
}
