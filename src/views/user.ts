import type { components } from '../../generated/openapi.ts'
import type { UserRow } from '../queries/users.ts'

/** Every field is written out, so that a new column never leaks. */
export function toUser(row: UserRow): components['schemas']['User'] {
  return {
    id: row.id,
    username: row.username,
    email: row.email,
    first_name: row.first_name,
    last_name: row.last_name,
    role: row.role,
    is_active: row.is_active,
    email_verified: row.email_verified,
    last_login_at: row.last_login_at,
    created_at: row.created_at,
    updated_at: row.updated_at,
  }
}

/** For those who may see deleted users: with the moment of the deletion, `null` where there was none. */
export function toUserOrDeleted(row: UserRow): components['schemas']['User'] {
  return { ...toUser(row), deleted_at: row.deleted_at }
}
