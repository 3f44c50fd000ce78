import { isBlocklisted } from './blocklist.ts'
import { withoutLeet } from './leet.ts'

/** A listed password with this many digits and signs around it is still one that a guesser tries early. */
const ornament = 6

/**
 * Whether a password is in the blocklist, or is made of an entry in the way guessing programs try first: digits and
 * signs added at the ends, figures for letters (`p4ssw0rd`), the same again and again (`passwordpassword`). Words inside
 * a longer text are not looked for, so that passphrases pass.
 */
export function isCommonPassword(password: string): boolean {
  const folded = password.normalize('NFKC').toLowerCase()
  return [folded, repeatedPart(folded)]
    .flatMap((text) => [text, ...stems(text)])
    .flatMap((text) => [text, withoutLeet(text), repeatedPart(text)])
    .some(isBlocklisted)
}

/** What is left without signs at the end, without digits and signs there, and without them at both ends. */
function stems(text: string): string[] {
  const withoutEnd = text.replace(/[^\p{L}]+$/u, '')
  const candidates = [text.replace(/[^\p{L}\p{N}]+$/u, ''), withoutEnd, withoutEnd.replace(/^[^\p{L}]+/u, '')]
  return candidates.filter((stem) => stem.length >= 4 && isOrnament(text, stem))
}

/** `dragon123456789` adds more than an ornament, but what it adds is listed itself. */
function isOrnament(text: string, stem: string): boolean {
  if (text.length - stem.length <= ornament) return true
  const digits = text.replace(stem, '').replace(/\P{N}/gu, '')
  return isBlocklisted(digits)
}

/** The part a text repeats, at least six characters of it: `abcabcabcabc` is as easily guessed as `abcabc`. */
function repeatedPart(text: string): string {
  const unit = /^(.+?)\1+$/u.exec(text)?.[1]
  return unit === undefined ? text : unit.repeat(Math.ceil(6 / unit.length))
}
