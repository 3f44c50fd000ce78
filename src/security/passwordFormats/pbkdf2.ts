import { pbkdf2 } from 'node:crypto'
import { promisify } from 'node:util'
import { boundedInteger, decodeBase64, equalBytes, type PasswordCheck } from './passwordFormat.ts'

const derive = promisify(pbkdf2)
const maximumIterations = 2_000_000

/** PHC (`$pbkdf2-sha256$i=1000,l=32$…`) and Passlib (`$pbkdf2-sha256$1000$…`, with `.` for `+`; no digest name is SHA-1). */
const dollarLayout =
  /^\$pbkdf2(?:-(sha1|sha256|sha512))?\$(?:i=)?(\d+)(?:,l=(\d+))?\$([A-Za-z0-9+/.=]+)\$([A-Za-z0-9+/.=]+)$/
/** Django: the salt is text, not base64. */
const djangoLayout = /^pbkdf2_(sha1|sha256|sha512)\$(\d+)\$([^$]+)\$([A-Za-z0-9+/=]+)$/

/** PBKDF2 with HMAC of SHA-1, SHA-256 or SHA-512, up to 2,000,000 iterations (twice what Django uses today). */
export function pbkdf2Format(storedHash: string): PasswordCheck | undefined {
  const [, digest = 'sha1', count, length, saltText = '', hashText = ''] = dollarLayout.exec(storedHash) ?? []
  const hash = decodeBase64(hashText.replaceAll('.', '+'))
  if (length !== undefined && Number(length) !== hash?.length) return undefined
  return check(digest, count, decodeBase64(saltText.replaceAll('.', '+')), hash)
}

export function djangoPbkdf2Format(storedHash: string): PasswordCheck | undefined {
  const [, digest = '', count, salt = '', hash = ''] = djangoLayout.exec(storedHash) ?? []
  return check(digest, count, Buffer.from(salt), decodeBase64(hash))
}

function check(
  digest: string,
  count: string | undefined,
  salt: Buffer | undefined,
  hash: Buffer | undefined,
): PasswordCheck | undefined {
  const iterations = boundedInteger(count, 1, maximumIterations)
  if (iterations === undefined || !salt || !hash || salt.length > 1024) return undefined
  // Each block of the digest's size repeats all iterations, so the length is a cost as well.
  if (hash.length < 16 || hash.length > 64) return undefined
  return async (password) => equalBytes(await derive(password, salt, iterations, hash.length, digest), hash)
}
