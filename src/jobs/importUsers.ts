import { randomUUID } from 'node:crypto'
import type { Context } from '../context.ts'
import { leaseSeconds } from '../domain/userImport/commitBatch.ts'
import { chunksAtOnce, deleteSpentChunks } from '../queries/userImportChunks.ts'
import { deleteSpentClaims } from '../queries/userImportClaims.ts'
import { leaseImport } from '../queries/userImports.ts'
import { processImport } from './processImport.ts'

/** Of one statement. */
const claims = 5000

/**
 * Works through the imports that are due, one after the other, and clears away what ended ones need no more. Safe on any
 * number of instances: an import belongs to one of them at a time.
 */
export async function importUsers(
  context: Pick<Context, 'db' | 'passwords' | 'sessions' | 'metrics'>,
  signal?: AbortSignal,
): Promise<void> {
  const { db } = context
  while (!signal?.aborted) {
    const file = await leaseImport(db, { leaseId: randomUUID(), leaseSeconds })
    if (!file) break
    await processImport(context, file, signal)
  }
  while (!signal?.aborted && (await deleteSpentChunks(db, chunksAtOnce)) === chunksAtOnce);
  while (!signal?.aborted && (await deleteSpentClaims(db, claims)) === claims);
}
