import type { Context } from '../../context.ts'
import type { Input, Output } from '../../http/operation.ts'
import { Problem } from '../../problem.ts'
import { listSessions } from '../../queries/sessions.ts'
import { findUser } from '../../queries/users.ts'
import { mostSessions, toSessionPage } from '../../views/session.ts'

export async function listUserSessions(
  { path, actor }: Input<'listUserSessions'>,
  { db }: Context,
): Promise<Output<'listUserSessions'>> {
  if (!(await findUser(db, path.user_id))) throw new Problem('not-found')
  const sessions = await listSessions(db, path.user_id, mostSessions)
  return { status: 200, body: toSessionPage(sessions, actor.sessionId) }
}
