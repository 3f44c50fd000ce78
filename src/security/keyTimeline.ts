/** How long others may keep the list of public keys, in seconds: `max-age` of `/.well-known/jwks.json`. */
export const jwksMaxAge = 300
/** How often an instance reads its keys anew, in seconds. */
export const rereadSeconds = 60
/** Clocks of several machines may differ by this much, in seconds. */
export const clockTolerance = 60

/**
 * From when a new key is in the file until it signs, in seconds: every instance has read it by then, and every copy of
 * the list of public keys that lacks it has expired.
 */
export const publishSeconds = rereadSeconds + jwksMaxAge + clockTolerance
/**
 * For how long an idempotency record can be replayed (queries/idempotencyKeys.ts), in seconds. What is derived from a key
 * is needed for as long after its last use: so long a list can be continued, too.
 */
const replaySeconds = 24 * 3600

/** When a key starts to sign, in milliseconds since 1970. It goes on until the next one starts. */
export interface Timed {
  notBefore: number
}

export type KeyState = 'next' | 'signing' | 'old' | 'expired'

/** The key that signs now: of those that have started, the last one. `keys` are in the order of their start. */
export function signingAt<Key extends Timed>(keys: readonly Key[], now: number): Key | undefined {
  // A clock that is late must not leave the service without a key.
  return keys.findLast(({ notBefore }) => notBefore <= now) ?? keys[0]
}

/**
 * When the last token that a key signed has expired, by any instance's clock; infinite for the newest key.
 * `lifetime` of a token in seconds.
 */
export function acceptedUntil<Key extends Timed>(keys: readonly Key[], key: Key, lifetime: number): number {
  const successor = keys[keys.indexOf(key) + 1]
  return successor ? successor.notBefore + (lifetime + 2 * clockTolerance) * 1000 : Infinity
}

/** When nothing can come back any more that was made with a key, be it a token, a cursor or an idempotency record. */
export function neededUntil<Key extends Timed>(keys: readonly Key[], key: Key, lifetime: number): number {
  return acceptedUntil(keys, key, Math.max(lifetime, replaySeconds))
}

export function stateAt<Key extends Timed>(keys: readonly Key[], key: Key, lifetime: number, now: number): KeyState {
  const signing = signingAt(keys, now)
  if (key === signing) return 'signing'
  if (signing && keys.indexOf(key) > keys.indexOf(signing)) return 'next'
  return acceptedUntil(keys, key, lifetime) > now ? 'old' : 'expired'
}
