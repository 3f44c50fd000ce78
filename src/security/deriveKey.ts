import { createHash, hkdfSync, type KeyObject } from 'node:crypto'
import { secretKey } from './secretKey.ts'

/** A key for another purpose, independent of the signing key although made from the same secret (RFC 5869). */
export function deriveKey(secret: string, purpose: string): KeyObject {
  const material = secretKey(createHash('sha256').update(secret).digest())
  return secretKey(Buffer.from(hkdfSync('sha256', material, '', purpose, 32)))
}
