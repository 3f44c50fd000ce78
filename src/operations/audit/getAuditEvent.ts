import type { Context } from '../../context.ts'
import { openEvent } from '../../domain/auditPage.ts'
import type { Input, Output } from '../../http/operation.ts'
import { Problem } from '../../problem.ts'
import { findAuditEvent } from '../../queries/auditEvents.ts'
import { toAuditEvent } from '../../views/auditEvent.ts'

export async function getAuditEvent(
  { path }: Input<'getAuditEvent'>,
  { db }: Context,
): Promise<Output<'getAuditEvent'>> {
  const row = await findAuditEvent(db, path.event_id)
  if (!row) throw new Problem('not-found')
  return { status: 200, body: toAuditEvent(openEvent(row)) }
}
