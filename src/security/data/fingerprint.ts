import { createHash } from 'node:crypto'

/** Bytes of a fingerprint: 48 bits, which a JavaScript number holds exactly. */
export const fingerprintLength = 6

/** The first bytes of the SHA-256 of a text in NFKC and lower case, as a number. */
export function fingerprint(text: string): number {
  const folded = text.normalize('NFKC').toLowerCase()
  return createHash('sha256').update(folded).digest().readUIntBE(0, fingerprintLength)
}
