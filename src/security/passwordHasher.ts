import { randomBytes } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { Problem } from '../problem.ts'
import { computeTag, formatArgon2, parseArgon2, type Argon2Hash } from './passwordFormats/argon2.ts'
import { createFormats } from './passwordFormats/formats.ts'
import type { Pepper, SignerKey } from './hashSecrets.ts'
import type { Timing } from './refusalTime.ts'
import { createWorkQueue, type WorkQueueStats } from './workQueue.ts'

export interface PasswordHasherOptions {
  memoryKib: number
  timeCost: number
  parallelism: number
  /** The first is used for new hashes, the others are accepted. */
  peppers?: readonly Pepper[]
  /** Signer keys of Firebase projects that users were imported from. */
  firebaseSignerKeys?: readonly SignerKey[]
  /** Hashes computed at a time; never more than `hashConcurrency` allows. */
  concurrency?: number
  /** Hashes waiting for their turn. */
  queueLimit?: number
  /** Told how many milliseconds each hash waited for its turn, and of each that was refused one. */
  onBegin?: (waited: number) => void
  onRefused?: () => void
}

type Verdict = 'match' | 'mismatch' | 'unknown-format'
/** Told when the hash began to be computed, its turn having come, and how long that took. */
type OnComputed = (timing: Timing) => void

export interface PasswordHasher {
  /** Runs work, unless as many are under way as may be hashing and waiting together; then throws without beginning it. */
  admit<Result>(work: () => Promise<Result>): Promise<Result>
  /** Throws what `admit` would throw at this moment. */
  demandRoom(): void
  /** An Argon2id hash under the current parameters, salted afresh. */
  hash(password: string): Promise<string>
  /** `unknown-format`, for a hash that is corrupt, too dear or of a missing key, takes the time of a current one. */
  verify(storedHash: string, password: string, onComputed?: OnComputed): Promise<Verdict>
  /** The work of verifying a current hash, for users who do not exist. */
  verifyDummy(password: string, onComputed?: OnComputed): Promise<void>
  /** Whether `hash` would write another algorithm, version, cost, salt or tag length, or pepper. */
  needsRehash(storedHash: string): boolean
  /** Whether `verify` can make anything of a stored hash. */
  isReadable(storedHash: string): boolean
  /** A hash of today's kind that no password is known to fit, there at once. */
  unknownPassword(): string
  readonly stats: WorkQueueStats
}

/** Cost bounds of imported Argon2 hashes: 128 MiB at a time, and see `argon2Format` for the work. */
const foreignBounds = { memoryKib: 131_072, work: 262_144 }

/**
 * Waiting places for each hash in progress: with the default parameters (20 ms) the last one waits 0.7 s, on a busy
 * machine or behind imported hashes some seconds, which is as long as a login may take.
 */
const queuePerWorker = 32

/**
 * Hashes and verifies passwords; the calls may throw the Problem `unavailable` when too many are waiting. A password is
 * taken as NFKC (NIST SP 800-63B section 3.1.1.2), here and nowhere else, and otherwise as it is.
 */
export function createPasswordHasher(options: PasswordHasherOptions): PasswordHasher {
  const current = {
    algorithm: 'argon2id',
    version: 19,
    memoryKib: options.memoryKib,
    timeCost: options.timeCost,
    parallelism: options.parallelism,
    keyId: options.peppers?.[0]?.id,
  } as const
  const peppers = keysById(options.peppers)
  const read = createFormats({
    peppers,
    signerKeys: keysById(options.firebaseSignerKeys),
    argon2Bounds: {
      memoryKib: Math.max(foreignBounds.memoryKib, current.memoryKib),
      work: Math.max(foreignBounds.work, current.memoryKib * current.timeCost),
    },
  })
  const concurrency = Math.min(options.concurrency ?? Infinity, hashConcurrency())
  const queueLimit = options.queueLimit ?? concurrency * queuePerWorker
  const refuse = () => {
    options.onRefused?.()
    return tooManyWaiting()
  }
  const queue = createWorkQueue(concurrency, queueLimit, refuse, options.onBegin)
  const admitted = createWorkQueue(concurrency + queueLimit, 0, refuse)
  const freshHash = (): Argon2Hash => ({ ...current, salt: randomBytes(16), tag: randomBytes(32) })
  // No password is known to give a random tag: as good as a computed one, and there at once.
  const dummy = freshHash()

  const compute = (hash: Argon2Hash, password: string, onComputed?: OnComputed): Promise<Buffer> =>
    inTurn(() => computeTag(hash, password.normalize('NFKC'), peppers), onComputed)

  function inTurn<Result>(work: () => Promise<Result>, onComputed?: OnComputed): Promise<Result> {
    return queue.run(async () => {
      const began = performance.now()
      const result = await work()
      onComputed?.({ began, took: performance.now() - began })
      return result
    })
  }

  function needsRehash(storedHash: string): boolean {
    const stored = parseArgon2(storedHash)
    const same = (Object.keys(current) as (keyof typeof current)[]).every((name) => stored?.[name] === current[name])
    return !same || stored?.salt.length !== dummy.salt.length || stored.tag.length !== dummy.tag.length
  }

  return {
    admit: (work) => admitted.run(work),
    demandRoom() {
      if (admitted.stats.active >= concurrency + queueLimit) throw refuse()
    },
    async hash(password) {
      const fresh = freshHash()
      return formatArgon2({ ...fresh, tag: await compute(fresh, password) })
    },
    async verify(storedHash, password, onComputed) {
      const check = read(storedHash)
      if (!check) {
        await compute(dummy, password, onComputed)
        return 'unknown-format'
      }
      return inTurn(async () => {
        const normalised = password.normalize('NFKC')
        if (await check(normalised)) return 'match'
        // Another system may have hashed the password as it was typed.
        const asTyped = normalised !== password && needsRehash(storedHash) && (await check(password))
        return asTyped ? 'match' : 'mismatch'
      }, onComputed)
    },
    async verifyDummy(password, onComputed) {
      await compute(dummy, password, onComputed)
    },
    needsRehash,
    isReadable: (storedHash) => read(storedHash) !== undefined,
    unknownPassword: () => formatArgon2(freshHash()),
    get stats() {
      return queue.stats
    },
  }
}

/**
 * As many hashes at a time as there are cores, and two fewer than threads in libuv's pool (4 unless
 * `UV_THREADPOOL_SIZE` says otherwise): files and host names are read on the same threads and must not wait for logins.
 */
export function hashConcurrency(): number {
  const poolThreads = Number(process.env['UV_THREADPOOL_SIZE']) || 4
  return Math.max(1, Math.min(availableParallelism(), poolThreads - 2))
}

function keysById(keys: readonly { id: string; key: Buffer }[] = []): Map<string, Buffer> {
  return new Map(keys.map(({ id, key }) => [id, key]))
}

function tooManyWaiting(): Problem {
  return new Problem('unavailable', {
    detail: 'Too many passwords are being checked right now. Try again in a moment.',
    headers: { 'Retry-After': '2' },
  })
}
