import { argon2Format, type PepperKeys } from './argon2.ts'
import { bcryptFormat } from './bcrypt.ts'
import { firebaseScryptFormat, type SignerKeys } from './firebaseScrypt.ts'
import type { PasswordCheck, PasswordFormat } from './passwordFormat.ts'
import { djangoPbkdf2Format, pbkdf2Format } from './pbkdf2.ts'
import { saltedShaFormat } from './saltedSha.ts'
import { scryptFormat } from './scrypt.ts'
import { shaCryptFormat } from './shaCrypt.ts'

/** Far above any hash of the formats below, far below what would make parsing a cost. */
const maximumLength = 1024

/** Reads stored hashes of every format we verify; the text before the second separator says which one it is. */
export function createFormats(options: {
  peppers: PepperKeys
  signerKeys: SignerKeys
  argon2Bounds: { memoryKib: number; work: number }
}): PasswordFormat {
  const argon2 = argon2Format(options.peppers, options.argon2Bounds)
  const firebase = firebaseScryptFormat(options.signerKeys)
  const formats: Record<string, PasswordFormat> = {
    $argon2id: argon2,
    $argon2i: argon2,
    $argon2d: argon2,
    // Django puts its own name before the hash.
    argon2: (storedHash) => argon2(storedHash.slice('argon2'.length)),
    $2a: bcryptFormat,
    $2b: bcryptFormat,
    $2y: bcryptFormat,
    $scrypt: scryptFormat,
    '$firebase-scrypt': firebase,
    $fbscrypt: firebase,
    $pbkdf2: pbkdf2Format,
    '$pbkdf2-sha1': pbkdf2Format,
    '$pbkdf2-sha256': pbkdf2Format,
    '$pbkdf2-sha512': pbkdf2Format,
    pbkdf2_sha1: djangoPbkdf2Format,
    pbkdf2_sha256: djangoPbkdf2Format,
    pbkdf2_sha512: djangoPbkdf2Format,
    '{SSHA': saltedShaFormat,
    '{SSHA256': saltedShaFormat,
    '{SSHA512': saltedShaFormat,
    $5: shaCryptFormat,
    $6: shaCryptFormat,
  }
  return (storedHash): PasswordCheck | undefined => {
    if (storedHash.length > maximumLength) return undefined
    const prefix = /^(\$?[A-Za-z0-9_-]+)\$|^(\{[A-Z0-9]+)\}/i.exec(storedHash)
    const name = prefix?.[1] ?? prefix?.[2]?.toUpperCase() ?? ''
    return Object.hasOwn(formats, name) ? formats[name]?.(storedHash) : undefined
  }
}
