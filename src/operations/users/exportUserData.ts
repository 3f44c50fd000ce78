import type { Context } from '../../context.ts'
import { inTransaction } from '../../db/transaction.ts'
import { audit } from '../../domain/audit.ts'
import { demandStill, whileAllowed } from '../../domain/stillMay.ts'
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
  const may = () => demandStill(db, actor, 'exportUserData', id)
  const body = {
    exported_at: rows.readAt,
    profile: toUserDataProfile(user),
    sessions: inView(whileAllowed(readSessions(db, id), may), toUserDataSession),
    mail_tokens: rows.mailTokens,
    pending_mails: rows.pendingMails,
    sent_mails: rows.sentMails,
    registrations: rows.registrations.map(toUserDataRegistration),
    imports: inView(whileAllowed(readImports(db, id), may), toUserDataImport),
    import_results: whileAllowed(readImportResults(db, id), may),
    audit_events: inView(whileAllowed(readEvents(db, id), may), (event) => toUserDataAuditEvent(event, id)),
  }
  return { status: 200, body }
}
