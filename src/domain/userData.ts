import { inBatches } from '../db/batches.ts'
import type { Db, Tx } from '../db/database.ts'
import { readTime } from '../db/time.ts'
import { listEventsOfPerson, type PersonEventRow, type StoredEvent } from '../queries/auditEvents.ts'
import { listLoggedMails } from '../queries/mailLog.ts'
import { listMailTokens } from '../queries/mailTokens.ts'
import { listMailsAbout } from '../queries/outbox.ts'
import { listRegistrations } from '../queries/registrations.ts'
import { listAllSessions, type SessionRow } from '../queries/sessions.ts'
import { listImportsOf } from '../queries/userImportOwners.ts'
import { listResultsOf } from '../queries/userImportResults.ts'
import type { ImportRow } from '../queries/userImports.ts'
import type { UserRow } from '../queries/users.ts'
import { openValues } from './auditValues.ts'
import { personOf } from './personalData.ts'

type ImportResultOfPerson = Awaited<ReturnType<typeof listResultsOf>>[number]

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

/** What has no limit, in batches. */
export function readSessions(db: Db, userId: string): AsyncGenerator<SessionRow[]> {
  return inBatches<SessionRow>(({ after, limit }) => listAllSessions(db, userId, { afterId: after?.id, limit }))
}

export function readImports(db: Db, userId: string): AsyncGenerator<ImportRow[]> {
  return inBatches<ImportRow>(({ after, limit }) => listImportsOf(db, userId, { afterId: after?.id, limit }))
}

export function readImportResults(db: Db, userId: string): AsyncGenerator<ImportResultOfPerson[]> {
  return inBatches<ImportResultOfPerson>((start) => listResultsOf(db, userId, start))
}

/** The same of events, up to the newest there is by then, with the personal values as they were written. */
export async function* readEvents(db: Db, userId: string): AsyncGenerator<StoredEvent[]> {
  const batches = inBatches<PersonEventRow>(({ after, limit }) =>
    listEventsOfPerson(db, userId, { afterSeq: after?.seq, limit }),
  )
  for await (const rows of batches) {
    yield rows.map(({ changes_key, origin_key, ...row }) => {
      const { changes, ip, user_agent } = openValues(row, { changes_key, origin_key })
      return { ...row, changes, ip, user_agent }
    })
  }
}
