import { setTimeout as sleep } from 'node:timers/promises'
import { Problem } from '../problem.ts'
import { checkPassword } from './passwordPolicy.ts'
import { createPasswordHasher, type PasswordHasher, type PasswordHasherOptions } from './passwordHasher.ts'
import { createRefusalTime, type Timing } from './refusalTime.ts'

export interface Passwords {
  /**
   * Runs work that begins with a look-up and comes to a password in the end, unless so many are at it that its password
   * would find no place: then it throws `unavailable` at once, before the look-up, on which reads would have to wait.
   */
  admit<Result>(work: () => Promise<Result>): Promise<Result>
  /** Throws what `admit` would throw at this moment: for a refusal that costs next to nothing, before the body is read. */
  demandRoom(): void
  hash: PasswordHasher['hash']
  /** The same for work that nobody waits for: it begins when no login is waiting, and never throws `unavailable`. */
  hashWhenIdle(password: string, signal?: AbortSignal): Promise<string>
  /** Whether a hash of another system can be verified here, at a cost that is bearable. */
  isReadable: PasswordHasher['isReadable']
  /** A hash for somebody who has no password yet. */
  unknownPassword: PasswordHasher['unknownPassword']
  /**
   * Whether the password fits the stored hash and its owner `mayPass`. A refusal takes the same time whatever its reason:
   * another password, no hash at all, one of another system, or an owner who may not. Whoever has something to do before
   * that time is over takes over the waiting with `onRefused`.
   */
  check(
    storedHash: string | undefined,
    password: string,
    options?: { mayPass?: boolean; onRefused?: (wait: () => Promise<void>) => void },
  ): Promise<boolean>
  /** A hash of today's kind for a password that was just verified against an older one; else undefined. */
  renew(storedHash: string, password: string): Promise<string | undefined>
  /** Throws `weak-password` for what the policy refuses; `property` is where the body has it. */
  demandStrong(password: string, owner: { username: string; email: string }, property?: string): void
  /** Hashes that are being computed and hashes that wait. */
  readonly stats: PasswordHasher['stats']
}

/** In code points. No longer password was ever accepted, so none needs the work of a comparison with its whole length. */
const longest = 128

/** About the time of a hash. */
const pollMilliseconds = 20

/** Password policy and hashing. `onUnknownFormat` is told of stored hashes that cannot be read. */
export function createPasswords(
  options: PasswordHasherOptions & { minLength: number; productName: string; onUnknownFormat: () => void },
): Passwords {
  const hasher = createPasswordHasher(options)
  const refusalTime = createRefusalTime()
  return {
    admit: (work) => hasher.admit(work),
    demandRoom: () => hasher.demandRoom(),

    hash: (password) => hasher.hash(password),

    async hashWhenIdle(password, signal) {
      while (hasher.stats.queued > 0) await sleep(pollMilliseconds, undefined, { signal })
      return hasher.hash(password)
    },

    isReadable: (storedHash) => hasher.isReadable(storedHash),

    unknownPassword: () => hasher.unknownPassword(),

    async check(storedHash, password, { mayPass = true, onRefused } = {}) {
      const isTooLong = [...password.slice(0, 2 * longest + 1)].length > longest
      const known = isTooLong ? undefined : storedHash
      let timing: Timing | undefined
      const note = (computed: Timing) => {
        timing = computed
        refusalTime.learn(known, computed)
      }
      const result = await (known === undefined
        ? hasher.verifyDummy(password.slice(0, longest), note)
        : hasher.verify(known, password, note))
      if (result === 'unknown-format') options.onUnknownFormat()
      if (result === 'match' && mayPass) return true
      const wait = async () => (timing ? refusalTime.wait(timing) : undefined)
      if (onRefused) onRefused(wait)
      else await wait()
      return false
    },

    renew: async (storedHash, password) => (hasher.needsRehash(storedHash) ? hasher.hash(password) : undefined),

    demandStrong(password, owner, property = 'password') {
      const fault = checkPassword(password, { ...owner, productName: options.productName }, options.minLength)
      if (fault) throw new Problem('weak-password', { errors: [{ in: 'body', pointer: `/${property}`, ...fault }] })
    },

    get stats() {
      return hasher.stats
    },
  }
}
