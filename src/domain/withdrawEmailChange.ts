import type { Tx } from '../db/database.ts'
import { audit, type Origin } from './audit.ts'
import { cancelEmailChange } from './mail.ts'

/** Ends a change of the address that is pending, if one is, and writes that down. The user is locked. */
export async function withdrawEmailChange(tx: Tx, userId: string, origin: Origin): Promise<void> {
  if (await cancelEmailChange(tx, userId)) await audit(tx, 'email.change-cancelled', origin, { subjectId: userId })
}
