import { decryptValues } from '../security/personalValues.ts'

export type Changes = Record<string, { before?: unknown; after?: unknown }>

/** Fields whose values tell nothing about who somebody is. Any other is taken for personal. */
const readable = new Set(['role', 'is_active', 'email_verified', 'end_reason', 'import_id', 'operation'])

/** What a record has in these fields, before and after, where that is not the same. */
export function changesBetween<Row extends object>(before: Row, after: Row, fields: (keyof Row & string)[]): Changes {
  const changed = fields.filter((field) => before[field] !== after[field])
  return Object.fromEntries(changed.map((field) => [field, { before: before[field], after: after[field] }]))
}

/** All changes by name, the personal ones without their values, and those values apart. */
export function divideChanges(changes: Changes): { named: Changes; personal: Changes } {
  const entries = Object.entries(changes)
  const personal = entries.filter(([field]) => !readable.has(field))
  const named = entries.map(([field, values]) => [field, readable.has(field) ? values : {}] as const)
  return { named: Object.fromEntries(named), personal: Object.fromEntries(personal) }
}

/** Address and user agent belong to whoever acted, or, where nobody was signed in, to whom it was done. */
export function originKeyOwner(event: { actor_id: string | null; subject_id: string | null }): string | undefined {
  return event.actor_id ?? event.subject_id ?? undefined
}

/** What a ciphertext is bound to, so that none passes for that of another event. */
export function placeOf(eventId: string, part: 'changes' | 'origin'): string {
  return `${eventId} ${part}`
}

interface StoredValues {
  id: string
  changes: Changes
  personal_changes: Buffer | null
  ip: string | null
  user_agent: string | null
  personal_origin: Buffer | null
}

/** The keys of those an event's values belong to; null where the person was erased. */
export interface ValueKeys {
  changes_key: Buffer | null
  origin_key: Buffer | null
}

export interface OpenedValues {
  changes: Changes
  ip: string | null
  user_agent: string | null
  /** Whether values are missing because the person they belonged to was erased. */
  isErased: boolean
}

/** An event's values as they were written, as far as their keys are still there. */
export function openValues(event: StoredValues, keys: ValueKeys): OpenedValues {
  const open = (part: 'changes' | 'origin', key: Buffer | null, encrypted: Buffer | null) =>
    encrypted === null || key === null ? undefined : decryptValues(key, placeOf(event.id, part), encrypted)
  const changes = open('changes', keys.changes_key, event.personal_changes) as Changes | undefined
  const origin = open('origin', keys.origin_key, event.personal_origin) as Partial<OpenedValues> | undefined
  return {
    changes: { ...event.changes, ...changes },
    ip: origin?.ip ?? event.ip,
    user_agent: origin?.user_agent ?? event.user_agent,
    isErased: (event.personal_changes !== null && !changes) || (event.personal_origin !== null && !origin),
  }
}
