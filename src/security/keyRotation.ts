import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { FiledKey } from './keyFile.ts'
import { neededUntil, publishSeconds, signingAt } from './keyTimeline.ts'
import type { KeyPairAlgorithm } from './keys.ts'

/** The keys of a file after an act on them; times in milliseconds since 1970. */
type Keys = readonly FiledKey[]

/** A new key that signs from `notBefore` on. RSA has 3072 bits, the strength of the two others (NIST SP 800-57 part 1). */
export function makeKey(algorithm: KeyPairAlgorithm, notBefore: number): FiledKey {
  return { key: generate(algorithm), algorithm, notBefore }
}

function generate(algorithm: KeyPairAlgorithm): KeyObject {
  if (algorithm === 'EdDSA') return generateKeyPairSync('ed25519').privateKey
  if (algorithm === 'ES256') return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  return generateKeyPairSync('rsa', { modulusLength: 3072 }).privateKey
}

/** Whether a key waits for its time to sign: the next rotation has to wait, too. */
export function nextKey(keys: Keys, now: number): FiledKey | undefined {
  return keys.find((key) => key.notBefore > now && key !== signingAt(keys, now))
}

/**
 * Adds a key that is published at once and signs once all others know it (`publishSeconds`); the key before it goes on
 * signing until then, and is accepted until the last token it signed has expired.
 */
export function rotate(keys: Keys, made: FiledKey, now: number): FiledKey[] {
  return [...keys, { ...made, notBefore: now + publishSeconds * 1000 }]
}

/** Leaves out the keys that are needed for nothing any more. `lifetime` of a token in seconds. */
export function prune(keys: Keys, lifetime: number, now: number): FiledKey[] {
  return keys.filter((key) => neededUntil(keys, key, lifetime) > now)
}

/**
 * Leaves out a key that somebody else may have. Where it was the one that signs, the next one starts at once, or a new
 * one where none was waiting; nobody can be given time to learn of it.
 */
export function revoke(keys: Keys, revoked: FiledKey, now: number): FiledKey[] {
  const remaining = keys.filter((key) => key !== revoked)
  if (signingAt(keys, now) !== revoked) return remaining
  const next = nextKey(keys, now)
  const started = next ? { ...next, notBefore: now } : makeKey(revoked.algorithm, now)
  return [...remaining.filter((key) => key !== next), started]
}
