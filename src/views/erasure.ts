import type { components } from '../../generated/openapi.ts'
import type { ErasureRow } from '../queries/erasures.ts'

export function toErasureReceipt(row: ErasureRow): components['schemas']['ErasureReceipt'] {
  return {
    id: row.id,
    user_id: row.user_id,
    reason: row.reason,
    erased_at: row.erased_at,
    erased_by: row.erased_by,
    erased: row.erased,
    audit_event_id: row.audit_event_id,
  }
}
