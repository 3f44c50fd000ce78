import { v7 as uuidv7 } from 'uuid'
import type { Tx } from '../../db/database.ts'
import { Problem } from '../../problem.ts'
import { chunksAtOnce, deleteChunks } from '../../queries/userImportChunks.ts'
import { insertImport, lockImportByKey, restartUpload, type ImportRow } from '../../queries/userImports.ts'
import type { Origin } from '../audit.ts'

export interface Wanted {
  format: ImportRow['format']
  isDryRun: boolean
  onConflict: ImportRow['on_conflict']
  key: string | undefined
}

/**
 * Enters an import whose file is about to arrive, or finds the one that the same person began under the same key: where
 * that one's file is incomplete, this upload takes the place of the one before. Throws `idempotency-key-reused` where
 * something else was asked for under the key.
 */
export async function beginImport(tx: Tx, wanted: Wanted, { actor, client }: Origin): Promise<ImportRow> {
  const uploadId = uuidv7()
  const begun = await insertImport(tx, {
    id: uuidv7(),
    format: wanted.format,
    dry_run: wanted.isDryRun,
    on_conflict: wanted.onConflict,
    created_by: actor?.id ?? null,
    origin: JSON.stringify({
      role: actor?.role ?? null,
      session_id: actor?.sessionId ?? null,
      request_id: client.requestId,
      trace_id: client.traceId ?? null,
    }),
    idempotency_key: wanted.key ?? null,
    upload_id: uploadId,
  })
  if (begun) return begun
  const known = await lockImportByKey(tx, actor?.id ?? '', wanted.key ?? '')
  if (!known) throw new Problem('unavailable', { detail: 'Too many changes at once.' })
  demandSame(known, wanted)
  if (known.status !== 'receiving') return known
  while ((await deleteChunks(tx, known.id, chunksAtOnce)) === chunksAtOnce);
  return restartUpload(tx, { id: known.id, holderId: uploadId })
}

function demandSame(known: ImportRow, { format, isDryRun, onConflict }: Wanted): void {
  if (known.format === format && known.dry_run === isDryRun && known.on_conflict === onConflict) return
  throw new Problem('idempotency-key-reused', { detail: 'This key belongs to an import with other parameters.' })
}
