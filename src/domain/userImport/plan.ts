import type { Origin } from '../audit.ts'
import type { ImportRow } from '../../queries/userImports.ts'

/** What is to be done with the rows of a file, and in whose name. */
export interface Plan {
  importId: string
  isDryRun: boolean
  onConflict: ImportRow['on_conflict']
  origin: Origin
}

/**
 * The rows of a file leave events under the id of the request that brought it. Where that came from stands in the event of
 * the request alone: a million copies would say no more, and each is encrypted.
 */
export function planOf(file: ImportRow): Plan {
  const { role, session_id, request_id, trace_id } = file.origin
  const client = { ip: '', userAgent: undefined, requestId: request_id, traceId: trace_id ?? undefined }
  const isSomebody = file.created_by !== null && role !== null && session_id !== null
  const actor = isSomebody ? { id: file.created_by!, role, sessionId: session_id } : undefined
  const origin = { actor, client }
  return { importId: file.id, isDryRun: file.dry_run, onConflict: file.on_conflict, origin }
}
