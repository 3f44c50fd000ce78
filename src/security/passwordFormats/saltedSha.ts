import { createHash } from 'node:crypto'
import { decodeBase64, equalBytes, type PasswordCheck } from './passwordFormat.ts'

const digests: Record<string, { name: string; length: number }> = {
  SSHA: { name: 'sha1', length: 20 },
  SSHA256: { name: 'sha256', length: 32 },
  SSHA512: { name: 'sha512', length: 64 },
}

/** `{SSHA}`, `{SSHA256}` and `{SSHA512}` of LDAP directories: base64 of the digest of password and salt, then the salt. */
export function saltedShaFormat(storedHash: string): PasswordCheck | undefined {
  const [, scheme = '', encoded = ''] = /^\{([A-Za-z0-9]+)\}(.+)$/.exec(storedHash) ?? []
  const digest = digests[scheme.toUpperCase()]
  const bytes = decodeBase64(encoded)
  if (!digest || !bytes || bytes.length <= digest.length || bytes.length > digest.length + 64) return undefined

  const salt = bytes.subarray(digest.length)
  const expected = bytes.subarray(0, digest.length)
  return (password) =>
    Promise.resolve(equalBytes(createHash(digest.name).update(password).update(salt).digest(), expected))
}
