import { contract } from '../../../generated/contract.ts'
import type { Context } from '../../context.ts'
import { readAuditPage } from '../../domain/auditPage.ts'
import type { Input, Output } from '../../http/operation.ts'
import { toAuditEvent } from '../../views/auditEvent.ts'
import { pageLinks } from '../../views/page.ts'

export async function listAuditEvents(
  { query }: Input<'listAuditEvents'>,
  { db, cursorKeys }: Context,
): Promise<Output<'listAuditEvents'>> {
  const { limit, sort, cursor, actor_id, subject_id, action, request_id, from, to } = query
  const filters = { actor_id, subject_id, action, request_id, from, to }
  const { events, page } = await readAuditPage(db, cursorKeys(), { limit, sort, cursor, filters })
  const headers = { Link: pageLinks(contract.listAuditEvents.path, query, page) }
  return { status: 200, headers, body: { data: events.map(toAuditEvent), page } }
}
