import type { components } from '../../generated/openapi.ts'
import type { ResultRow } from '../queries/userImportResults.ts'
import type { ImportRow } from '../queries/userImports.ts'

type RowProblem = components['schemas']['RowProblem']

export function toUserImport(row: ImportRow): components['schemas']['UserImport'] {
  const { created, updated, skipped, failed } = row
  const processed = created + updated + skipped + failed
  return {
    id: row.id,
    status: row.status,
    format: row.format,
    dry_run: row.dry_run,
    on_conflict: row.on_conflict,
    size_bytes: Number(row.received_bytes),
    processed_bytes: Number(row.position_bytes),
    counts: { total: row.status === 'completed' ? processed : null, processed, created, updated, skipped, failed },
    problem: row.problem as RowProblem | null,
    created_by: row.created_by,
    created_at: row.created_at,
    started_at: row.started_at,
    finished_at: row.finished_at,
  }
}

export function toUserImportResult(row: ResultRow): components['schemas']['UserImportResult'] {
  return {
    line: row.line,
    status: row.status,
    user_id: row.user_id,
    problem: row.problem as RowProblem | null,
  }
}
