import { compare } from '@node-rs/bcrypt'
import type { PasswordCheck } from './passwordFormat.ts'

/**
 * `$2a$`, `$2b$` and `$2y$`, cost 4 to 14 (about a second). `$2x$` marks hashes of an implementation with a known
 * fault and is refused. Like every bcrypt this one sees the first 72 bytes only, until the first login replaces the hash.
 */
export function bcryptFormat(storedHash: string): PasswordCheck | undefined {
  const cost = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/.exec(storedHash)?.[1]
  if (cost === undefined || Number(cost) < 4 || Number(cost) > 14) return undefined
  return (password) => compare(password, storedHash)
}
