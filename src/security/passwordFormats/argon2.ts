import argon2, { argon2d, argon2i, argon2id } from 'argon2'
import { boundedInteger, encodeBase64, equalBytes, type PasswordFormat } from './passwordFormat.ts'
import { parsePhcString } from './phcString.ts'

const types = { argon2d, argon2i, argon2id } as const

/** What a stored Argon2 hash says of itself. Memory in KiB, lengths in bytes. */
export interface Argon2Hash {
  algorithm: keyof typeof types
  version: number
  memoryKib: number
  timeCost: number
  parallelism: number
  keyId: string | undefined
  salt: Buffer
  tag: Buffer
}

/** The Argon2 secret of each key id: an HMAC-like key over the password, kept outside the database (RFC 9106 section 3.1). */
export type PepperKeys = ReadonlyMap<string, Buffer>

/** `undefined` where the text is no Argon2 hash the library could compute; says nothing of its cost. */
export function parseArgon2(storedHash: string): Argon2Hash | undefined {
  const algorithm = /^\$(argon2(?:d|i|id))\$/.exec(storedHash)?.[1] as keyof typeof types | undefined
  const phc = parsePhcString(storedHash, ['m', 't', 'p', 'keyid'])
  if (!algorithm || !phc) return undefined

  const { parameters, salt, hash: tag } = phc
  // Version 1.0 was written without `v=`.
  const version = boundedInteger(phc.version ?? '16', 16, 19)
  const parallelism = boundedInteger(parameters.get('p'), 1, 16)
  const memoryKib = boundedInteger(parameters.get('m'), 8 * (parallelism ?? 1), 2 ** 32 - 1)
  const timeCost = boundedInteger(parameters.get('t'), 1, 2 ** 32 - 1)
  if (!parallelism || !memoryKib || !timeCost || (version !== 16 && version !== 19)) return undefined
  // A shorter tag could be met by chance; a longer one is nobody's.
  if (salt.length < 8 || salt.length > 64 || tag.length < 16 || tag.length > 128) return undefined

  const encodedKeyId = parameters.get('keyid')
  const keyId = encodedKeyId === undefined ? undefined : Buffer.from(encodedKeyId, 'base64').toString('latin1')
  return { algorithm, version, memoryKib, timeCost, parallelism, keyId, salt, tag }
}

/** The PHC string; `keyid` is base64 like salt and tag, as the format's Argon2 definition has it. */
export function formatArgon2(hash: Argon2Hash): string {
  const key = hash.keyId === undefined ? '' : `,keyid=${encodeBase64(Buffer.from(hash.keyId, 'latin1'))}`
  const parameters = `m=${hash.memoryKib},t=${hash.timeCost},p=${hash.parallelism}${key}`
  return `$${hash.algorithm}$v=${hash.version}$${parameters}$${encodeBase64(hash.salt)}$${encodeBase64(hash.tag)}`
}

/** The tag of a password under the parameters, salt, key and tag length of `hash`. Throws for an unknown key id. */
export async function computeTag(hash: Argon2Hash, password: string, peppers: PepperKeys): Promise<Buffer> {
  const secret = hash.keyId === undefined ? Buffer.alloc(0) : peppers.get(hash.keyId)
  if (!secret) throw new Error('The password hash needs a pepper that is not in the key ring')
  return argon2.hash(password, {
    raw: true,
    type: types[hash.algorithm],
    version: hash.version,
    memoryCost: hash.memoryKib,
    timeCost: hash.timeCost,
    parallelism: hash.parallelism,
    salt: hash.salt,
    hashLength: hash.tag.length,
    secret,
  })
}

/**
 * Argon2id, Argon2i and Argon2d. Memory × passes is bounded, in KiB: 262,144 admits the defaults of the `argon2`
 * packages (65,536 × 3), of PHP (65,536 × 4) and of Django (102,400 × 2).
 */
export function argon2Format(peppers: PepperKeys, bounds: { memoryKib: number; work: number }): PasswordFormat {
  return (storedHash) => {
    const hash = parseArgon2(storedHash)
    if (!hash || (hash.keyId !== undefined && !peppers.has(hash.keyId))) return undefined
    if (hash.memoryKib > bounds.memoryKib || hash.memoryKib * hash.timeCost > bounds.work) return undefined
    return async (password) => equalBytes(await computeTag(hash, password, peppers), hash.tag)
  }
}
