import { createHash, hkdfSync } from 'node:crypto'

/** A key for another purpose, independent of the signing key although made from the same secret (RFC 5869). */
export function deriveKey(secret: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', createHash('sha256').update(secret).digest(), '', purpose, 32))
}
