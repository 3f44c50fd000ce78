import type { Db } from '../db/database.ts'
import { inTransaction } from '../db/transaction.ts'
import { audit } from '../domain/audit.ts'
import { invitations } from '../domain/mail.ts'
import { cancelImports } from '../domain/userImport/cancelImports.ts'
import { findLastSeal } from '../queries/auditSeals.ts'
import { voidHandedOut } from '../queries/handedOut.ts'

const client = { ip: '', userAgent: undefined, requestId: 'restored', traceId: undefined }
const origin = { actor: undefined, client }

export interface RestoreRecord {
  /** What was void from then on: number of records by table. */
  voided: Record<string, number>
  /** The seal up to which the backup holds the trail; undefined where it holds none. */
  seal: { number: string; hash: string; keyId: string } | undefined
}

/**
 * Takes back every right that was handed out before a backup was restored: what was revoked since is good again in it.
 * Ends what was being imported, too: its file may have been finished or cancelled since, and whoever still wants it sends
 * it again. That, and one event that counts it all however much it is, are one transaction, so that the event says that it
 * was done. Notices among the mails stay: better twice than never. Takes about a minute for millions of sessions.
 */
export function recordRestore(db: Db, erasedAgain: number): Promise<RestoreRecord> {
  return inTransaction(db, async (tx) => {
    const voided = { ...(await voidHandedOut(tx, invitations)), user_imports: await cancelImports(tx, origin) }
    const last = await findLastSeal(tx)
    const counts = Object.entries({ ...voided, erased_users: erasedAgain })
    const changes = Object.fromEntries(counts.map(([kind, count]) => [kind, { before: count, after: 0 }]))
    await audit(tx, 'database.restored', origin, {
      changes: { ...changes, newest_seal: { after: last?.number ?? null } },
    })
    return { voided, seal: last && { number: last.number, hash: last.hash.toString('hex'), keyId: last.key_id } }
  })
}
