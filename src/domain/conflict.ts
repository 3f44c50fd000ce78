import type { Db } from '../db/database.ts'
import { classifyDatabaseError } from '../db/errors.ts'
import { Problem, type Fault } from '../problem.ts'
import { findTaken } from '../queries/users.ts'

const details = {
  username: 'another account has this username',
  email: 'another account has this e-mail address',
}

interface Wanted {
  /** What of the body to blame, where it is not the property of the value's name. */
  pointer?: string
  id?: string
  username?: string | undefined
  email?: string | undefined
}

/**
 * Turns the refusal of a unique index into the `conflict` that names every taken property; anything else is thrown on
 * as it is. The index decides; looking first would only open a gap between the look and the write.
 */
export async function conflictOf(error: unknown, db: Db, wanted: Wanted): Promise<unknown> {
  if (classifyDatabaseError(error).kind !== 'unique') return error
  const fields = await findTaken(db, wanted)
  return new Problem('conflict', { errors: fields.map((field) => taken(field, wanted.pointer)), cause: error })
}

/** The fault of a property whose value belongs to somebody else. */
export function taken(field: keyof typeof details, pointer = `/${field}`): Fault {
  return { in: 'body', pointer, code: 'taken', detail: details[field] }
}
