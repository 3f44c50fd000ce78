import { readFileSync } from 'node:fs'
import { fingerprint, fingerprintLength } from './data/fingerprint.ts'

/** Sorted, without a header; where it comes from and how it is made is in `data/README.md`. */
const fingerprints = readFileSync(new URL('./data/blocklist.bin', import.meta.url))

export const blocklistSize = fingerprints.length / fingerprintLength

/**
 * Whether a text is in the list of common and breached passwords, without regard to case. Some microseconds. A text that
 * is not in it is taken for one that is with a probability of `blocklistSize` / 2^48, less than one in a billion.
 */
export function isBlocklisted(text: string): boolean {
  const wanted = fingerprint(text)
  let low = 0
  let high = blocklistSize - 1
  while (low <= high) {
    const middle = (low + high) >>> 1
    const found = fingerprints.readUIntBE(middle * fingerprintLength, fingerprintLength)
    if (found === wanted) return true
    if (found < wanted) low = middle + 1
    else high = middle - 1
  }
  return false
}
