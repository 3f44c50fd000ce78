import type { Context } from '../../context.ts'
import { inTransaction } from '../../db/transaction.ts'
import { audit } from '../../domain/audit.ts'
import { bareKey } from '../../domain/once.ts'
import { demandStill } from '../../domain/stillMay.ts'
import { beginImport } from '../../domain/userImport/beginImport.ts'
import { digestOf, receiveFile, superseded } from '../../domain/userImport/receiveFile.ts'
import type { Input, Output } from '../../http/operation.ts'
import { Problem } from '../../problem.ts'
import { completeUpload, type ImportRow } from '../../queries/userImports.ts'
import { toUserImport } from '../../views/userImport.ts'

type CreateUserImport = Input<'createUserImport'>

/** No transaction is open while the file arrives, which may take hours. */
export async function createUserImport(
  { query, header, body, actor, client }: CreateUserImport,
  { db }: Context,
): Promise<Output<'createUserImport'>> {
  const origin = { actor, client }
  const wanted = {
    format: body.mediaType === 'text/csv' ? ('csv' as const) : ('ndjson' as const),
    isDryRun: query.dry_run,
    onConflict: query.on_conflict,
    key: header['Idempotency-Key'] && bareKey(header['Idempotency-Key']),
  }
  const begun = await inTransaction(db, (tx) => beginImport(tx, wanted, origin))
  if (begun.status !== 'receiving') return replay(begun, body.bytes)

  const upload = { id: begun.id, holderId: begun.upload_id }
  const sha256 = await receiveFile(db, upload, body.bytes)
  const complete = await inTransaction(db, async (tx) => {
    await demandStill(tx, actor, 'createUserImport')
    const file = await completeUpload(tx, upload, sha256)
    if (!file) throw superseded()
    const changes = { import_id: { after: file.id }, format: { after: file.format }, dry_run: { after: file.dry_run } }
    await audit(tx, 'users.import-requested', origin, { changes })
    return file
  })
  return { status: 202, headers: { Location: addressOf(complete) }, body: toUserImport(complete) }
}

/** The import that the same file under the same key began before. */
async function replay(file: ImportRow, bytes: AsyncIterable<Buffer>): Promise<Output<'createUserImport'>> {
  if (file.content_sha256 === null) {
    throw new Problem('conflict', { detail: 'The import under this key was cancelled before its file was complete.' })
  }
  if (!file.content_sha256.equals(await digestOf(bytes))) {
    throw new Problem('idempotency-key-reused', { detail: 'Another file was imported under this key.' })
  }
  const headers = { Location: addressOf(file), 'Idempotent-Replayed': 'true' as const }
  return { status: 202, headers, body: toUserImport(file) }
}

function addressOf({ id }: ImportRow): string {
  return `/v1/user-imports/${id}`
}
