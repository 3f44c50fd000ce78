import { isBlocklisted } from './blocklist.ts'

/**
 * Whether a password is in the blocklist, as a whole and whatever the case (NIST SP 800-63B section 3.1.1.2), or is an
 * entry said again and again (`passwordpassword1`). Words inside a longer text are not looked for: passphrases pass.
 */
export function isCommonPassword(password: string): boolean {
  const folded = password.normalize('NFKC').toLowerCase()
  const withoutEnd = folded.replace(/[^\p{L}]+$/u, '')
  return isBlocklisted(folded) || [folded, withoutEnd].some((text) => isBlocklisted(repeatedPart(text)))
}

/** The word of four characters or more that a text repeats; empty where it repeats none. */
function repeatedPart(text: string): string {
  return /^(.{4,}?)\1+$/u.exec(text)?.[1] ?? ''
}
