import { withoutLeet } from './leet.ts'

/**
 * Whether a password is a word with nothing but digits and signs around it, in whatever case, also reversed, repeated,
 * with other separators or with figures for letters. A word of fewer than three letters and digits makes nothing.
 */
export function isMadeOf(password: string, word: string): boolean {
  const lowerPassword = password.normalize('NFKC').toLowerCase()
  const lowerWord = word.normalize('NFKC').toLowerCase()
  // `j@ne` is a letter, `j@example` a separator: signs are read both ways.
  const readings = [compact, (text: string) => compact(text.replace(/[@$!]/g, withoutLeet))]
  return readings.some((read) => {
    const characters = read(lowerPassword)
    const wanted = read(lowerWord)
    return [wanted, [...wanted].reverse().join('')].some((part) => restIsOrnament(characters, part))
  })
}

function compact(text: string): string {
  return text.replace(/[^\p{L}\p{N}]/gu, '')
}

/** The folded texts are compared place by place, and the rest is judged as it was typed: its digits stay digits. */
function restIsOrnament(characters: string, part: string): boolean {
  if (part.length < 3) return false
  const foldedPart = fold(part)
  let folded = fold(characters)
  let rest = characters
  let found = false
  for (let at = folded.indexOf(foldedPart); at >= 0; at = folded.indexOf(foldedPart)) {
    found = true
    rest = rest.slice(0, at) + rest.slice(at + part.length)
    folded = folded.slice(0, at) + folded.slice(at + part.length)
  }
  // A username of digits is in many a number by chance.
  return found && (/\p{L}/u.test(part) ? !/\p{L}/u.test(rest) : rest === '')
}

/** `l`, `1` and `i` are one. */
function fold(text: string): string {
  return withoutLeet(text).replaceAll('l', 'i')
}
