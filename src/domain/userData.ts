import { inBatches } from '../db/batches.ts'
import type { Db, Tx } from '../db/database.ts'
import { readTime } from '../db/time.ts'
import { listEventsOfPerson, type AuditEventRow } from '../queries/auditEvents.ts'
import { listLoggedMails } from '../queries/mailLog.ts'
import { listMailTokens } from '../queries/mailTokens.ts'
import { listMailsAbout } from '../queries/outbox.ts'
import { listRegistrations } from '../queries/registrations.ts'
import { listAllSessions, type SessionRow } from '../queries/sessions.ts'
import type { UserRow } from '../queries/users.ts'
import { personOf } from './personalData.ts'

/** What is held about a person beside their own record, as far as it is small. */
export async function readUserData(tx: Tx, user: UserRow) {
  const person = await personOf(tx, user)
  return {
    readAt: await readTime(tx),
    mailTokens: await listMailTokens(tx, user.id),
    pendingMails: await listMailsAbout(tx, person),
    sentMails: await listLoggedMails(tx, person),
    registrations: await listRegistrations(tx, person),
  }
}

export type UserDataRows = Awaited<ReturnType<typeof readUserData>>

/** What has no limit, in batches. */
export function readSessions(db: Db, userId: string): AsyncGenerator<SessionRow[]> {
  return inBatches<SessionRow>(({ after, limit }) => listAllSessions(db, userId, { afterId: after?.id, limit }))
}

/** The same, up to the newest event there is when the last batch is read. */
export function readEvents(db: Db, userId: string): AsyncGenerator<AuditEventRow[]> {
  return inBatches<AuditEventRow>(({ after, limit }) => listEventsOfPerson(db, userId, { afterSeq: after?.seq, limit }))
}
