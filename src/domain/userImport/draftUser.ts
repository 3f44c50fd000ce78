import { v7 as uuidv7 } from 'uuid'
import type { NewAuditEvent } from '../../queries/auditEvents.ts'
import type { WholeNewUser } from '../../queries/users.ts'
import { createSubjectKey } from '../../security/personalValues.ts'
import { eventOfNew } from '../audit.ts'
import type { ImportRow } from './checkRow.ts'
import type { Plan } from './plan.ts'

/** What a row gives, with the names in their normal form. */
export type SoundUser = Omit<ImportRow, 'first_name' | 'last_name'> & NormalNames

interface NormalNames {
  first_name: string | null | undefined
  last_name: string | null | undefined
}

/** Whom a row would make, but for the hash of the password, with the event of that and the key of its values. */
export interface UserDraft {
  user: Omit<WholeNewUser, 'password_hash'>
  key: Buffer
  event: NewAuditEvent
}

/**
 * Made before anybody knows whether it will be wanted: while PostgreSQL writes the rows before, instead of while it waits
 * for these.
 */
export function draftUser(given: SoundUser, { importId, origin }: Plan): UserDraft {
  const id = uuidv7()
  const fields = {
    username: given.username,
    email: given.email,
    email_verified: given.email_verified ?? false,
    first_name: given.first_name ?? null,
    last_name: given.last_name ?? null,
    role: given.role ?? 'user',
    is_active: given.is_active ?? true,
  }
  const values = Object.entries({ ...fields, import_id: importId })
  const changes = Object.fromEntries(values.map(([field, after]) => [field, { after }]))
  const key = createSubjectKey()
  return { user: { id, ...fields }, key, event: eventOfNew('user.created', origin, { subjectId: id, changes }, key) }
}
