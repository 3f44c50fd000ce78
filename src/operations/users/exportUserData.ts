import type { Context } from '../../context.ts'
import { inTransaction } from '../../db/transaction.ts'
import { audit } from '../../domain/audit.ts'
import { readEvents, readImportResults, readImports, readSessions, readUserData } from '../../domain/userData.ts'
import type { Input, Output } from '../../http/operation.ts'
import { Problem } from '../../problem.ts'
import { findUserEvenDeleted } from '../../queries/users.ts'
import {
  inView,
  toUserDataAuditEvent,
  toUserDataImport,
  toUserDataProfile,
  toUserDataRegistration,
  toUserDataSession,
} from '../../views/userData.ts'

export async function exportUserData(
  { path, actor, client }: Input<'exportUserData'>,
  { db }: Context,
): Promise<Output<'exportUserData'>> {
  const id = path.user_id
  // First, so that the document tells of itself, and nobody gets a part of it without a trace.
  const { user, rows } = await inTransaction(db, async (tx) => {
    const user = await findUserEvenDeleted(tx, id)
    if (!user) throw new Problem('not-found')
    await audit(tx, 'user.data-exported', { actor, client }, { subjectId: id })
    return { user, rows: await readUserData(tx, user) }
  })
  const body = {
    exported_at: rows.readAt,
    profile: toUserDataProfile(user),
    sessions: inView(readSessions(db, id), toUserDataSession),
    mail_tokens: rows.mailTokens,
    pending_mails: rows.pendingMails,
    sent_mails: rows.sentMails,
    registrations: rows.registrations.map(toUserDataRegistration),
    imports: inView(readImports(db, id), toUserDataImport),
    import_results: readImportResults(db, id),
    audit_events: inView(readEvents(db, id), (event) => toUserDataAuditEvent(event, id)),
  }
  return { status: 200, body }
}
