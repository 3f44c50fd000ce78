import { contract } from '../../../generated/contract.ts'
import type { Context } from '../../context.ts'
import { readAuditPage } from '../../domain/auditPage.ts'
import type { Input, Output } from '../../http/operation.ts'
import { Problem } from '../../problem.ts'
import { findUser } from '../../queries/users.ts'
import { toAuditEvent } from '../../views/auditEvent.ts'
import { pageLinks } from '../../views/page.ts'

export async function listUserAuditEvents(
  { path, query }: Input<'listUserAuditEvents'>,
  { db, cursorKeys }: Context,
): Promise<Output<'listUserAuditEvents'>> {
  if (!(await findUser(db, path.user_id))) throw new Problem('not-found')
  const { limit, sort, cursor, action, from, to } = query
  const filters = { subject_id: path.user_id, action, from, to }
  const { events, page } = await readAuditPage(db, cursorKeys(), { limit, sort, cursor, filters })
  const target = contract.listUserAuditEvents.path.replace('{user_id}', path.user_id)
  return {
    status: 200,
    headers: { Link: pageLinks(target, query, page) },
    body: { data: events.map(toAuditEvent), page },
  }
}
