import type { Db } from '../db/database.ts'
import { isKnownDevice } from '../queries/sessions.ts'
import type { UserRow } from '../queries/users.ts'
import type { AccountBrake } from './accountBrake.ts'
import { networkOf } from './network.ts'
import type { Passwords } from './passwords.ts'

interface Claim {
  identifier: string
  password: string
  /** Who bears the identifier, if anybody does: it makes no difference to the steps taken. */
  found: UserRow | undefined
  /** The address the claim comes from. */
  ip: string
}

/** Whether this is the password of an active account; throws `rate-limited`, unseen, after too many that were not. */
export async function checkGuardedPassword(
  { identifier, password, found, ip }: Claim,
  { db, brake, passwords }: { db: Db; brake: AccountBrake; passwords: Passwords },
): Promise<boolean> {
  const network = networkOf(ip)
  const device = network !== '' && (await isKnownDevice(db, found?.id, network)) ? network : undefined
  // A right password neither passes nor ends the row of failures of a disabled account: that would tell it is right.
  const check = () => passwords.check(found?.password_hash, password, found?.is_active === true)
  return brake.guard({ identifier, device }, check)
}
