import { timingSafeEqual } from 'node:crypto'

/** Says whether this is the password a stored hash was made from. */
export type PasswordCheck = (password: string) => Promise<boolean>

/**
 * Reads a stored hash. `undefined` where it is corrupt, needs a key that is not here, or costs more memory or time
 * than the format's bounds: an imported hash must not be able to occupy a core for minutes at every login.
 */
export type PasswordFormat = (storedHash: string) => PasswordCheck | undefined

/** `timingSafeEqual`, which throws on different lengths, for values whose length is no secret. */
export function equalBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && timingSafeEqual(one, other)
}

/** Standard alphabet, padded or not, nothing else tolerated: Node's own decoder skips what it does not know. */
export function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64')
  const canonical = bytes.toString('base64')
  return text === canonical || text === canonical.replace(/=+$/, '') ? bytes : undefined
}

export function encodeBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '')
}

/** A decimal number without sign or leading zeros, inside the bounds, both included. */
export function boundedInteger(text: string | undefined, minimum: number, maximum: number): number | undefined {
  if (text === undefined || !/^(0|[1-9]\d{0,9})$/.test(text)) return undefined
  const value = Number(text)
  return value >= minimum && value <= maximum ? value : undefined
}
