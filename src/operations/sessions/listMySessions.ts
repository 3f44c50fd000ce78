import type { Context } from '../../context.ts'
import type { Input, Output } from '../../http/operation.ts'
import { listSessions } from '../../queries/sessions.ts'
import { mostSessions, toSessionPage } from '../../views/session.ts'

export async function listMySessions(
  { actor }: Input<'listMySessions'>,
  { db }: Context,
): Promise<Output<'listMySessions'>> {
  const sessions = await listSessions(db, actor.id, mostSessions)
  return { status: 200, body: toSessionPage(sessions, actor.sessionId) }
}
