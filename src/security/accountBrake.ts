import { createHmac, type KeyObject } from 'node:crypto'
import { Problem } from '../problem.ts'
import type { UserRow } from '../queries/users.ts'
import { createWorkQueue, type WorkQueue } from './workQueue.ts'

/** Counts failures in a row and says how long to wait: `platform/failureCounter.ts`, Redis behind it or not. */
interface FailureCounter {
  begin(key: string): Promise<{ wait: number; failures: number; isCounted: boolean }>
  fail(key: string): Promise<void>
  clear(key: string): Promise<void>
}

export interface Attempt {
  /** As it was sent; whether anybody bears it makes no difference to strangers. Undefined where a session asks, not the door. */
  identifier: string | undefined
  /** What makes the client no stranger to this account: a session, or as `device` the network of an earlier sign-in. */
  known: { account: Pick<UserRow, 'id' | 'password_hash'>; device: string | undefined } | undefined
}

export interface AccountBrake {
  /**
   * Runs `check`, which says whether the password is right, unless too many have failed before; then it throws
   * `rate-limited` without it. Strangers are counted together, each known device for itself, so that nobody is kept out
   * by what strangers do. The count of a device ends with the password that was tried, and with the account.
   */
  guard(attempt: Attempt, check: () => Promise<boolean>): Promise<boolean>
  /** Forgets what strangers have failed at under these names: the password, or whose they are, is another now. */
  forgive(names: string[]): Promise<void>
}

const second = 1000
const day = 24 * 3600 * second

/**
 * Ten failures are free; then 30 s, doubling up to an hour. NIST SP 800-63B section 3.2.2 allows an account 100 in a
 * row: it may be tried by its username and by its e-mail address, and each of them gets half.
 */
export const accountBackoff = {
  free: 10,
  firstDelay: 30 * second,
  longestDelay: 3600 * second,
  most: 50,
  shortMemory: day,
  longMemory: 30 * day,
}

/** Attempts on one account that an instance evaluates at a time: as many may slip through before the tenth has failed. */
const atATime = 4
const waitingAtMost = 1000

/** `nameKey` is asked each time, and must be the same on all instances that count together. */
export function createAccountBrake(counter: FailureCounter, nameKey: () => KeyObject): AccountBrake {
  const queues = new Map<string, WorkQueue>()

  async function inTurn<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    const queue = queues.get(key) ?? createWorkQueue(atATime, waitingAtMost, () => new Problem('unavailable'))
    queues.set(key, queue)
    try {
      return await queue.run(work)
    } finally {
      if (queue.stats.active === 0) queues.delete(key)
    }
  }

  return {
    guard(attempt, check) {
      const key = keyOf(attempt, nameKey())
      return inTurn(key, async () => {
        const { wait, failures, isCounted } = await counter.begin(key)
        if (wait > 0) throw tooManyFailures(Math.ceil(wait / second))
        const isRight = await check()
        if (isRight && failures > 0) await counter.clear(key)
        if (!isRight && !isCounted) await counter.fail(key)
        return isRight
      })
    },
    async forgive(names) {
      const key = nameKey()
      await Promise.all(names.map((identifier) => counter.clear(keyOf({ identifier, known: undefined }, key))))
    },
  }
}

/**
 * One key for all spellings of a name, and none of them that of a session. Hashed, because it is what a stranger typed and
 * no secret should be kept from it; with a secret, or whoever reads Redis could try which names and addresses are meant.
 */
function keyOf({ identifier, known }: Attempt, nameKey: KeyObject): string {
  const canonical = identifier?.normalize('NFKC').toLowerCase().trim()
  const place = known && [known.account.id, known.account.password_hash, known.device]
  return createHmac('sha256', nameKey)
    .update(JSON.stringify([canonical, place]))
    .digest('base64url')
}

/** The fields of the limit by address would promise an earlier attempt than there can be. */
function tooManyFailures(seconds: number): Problem {
  return new Problem('rate-limited', {
    detail: `Too many failed attempts. Try again in ${seconds} seconds.`,
    headers: {
      'Retry-After': String(seconds),
      'RateLimit-Policy': `"account";q=${accountBackoff.free}`,
      RateLimit: `"account";r=0;t=${seconds}`,
    },
  })
}
