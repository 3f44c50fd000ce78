import type { Db } from '../db/database.ts'
import { isKnownDevice } from '../queries/sessions.ts'
import type { UserRow } from '../queries/users.ts'
import type { AccountBrake } from './accountBrake.ts'
import { networkOf } from './network.ts'
import type { Passwords } from './passwords.ts'

interface Claim {
  /** Undefined where the owner of a session proves to be its owner. */
  identifier: string | undefined
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
  const isStranger = device === undefined && identifier !== undefined
  const known = found && !isStranger ? { account: found, device } : undefined
  let wait = (): Promise<void> => Promise.resolve()
  // A right password neither passes nor ends the row of failures of a disabled account: that would tell it is right.
  const options = { mayPass: found?.is_active === true, onRefused: (each: typeof wait) => (wait = each) }
  const isRight = await brake.guard({ identifier, known }, () =>
    passwords.check(found?.password_hash, password, options),
  )
  // Not in the brake, which lets few through at a time: the others would keep the places of those who sign in elsewhere.
  if (!isRight) await wait()
  return isRight
}
