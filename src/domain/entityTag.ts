import { createHash } from 'node:crypto'
import { Problem } from '../problem.ts'

/**
 * The strong entity tag of a representation (RFC 9110 section 8.8.3): `"<version>-<hash>"`. The version of the row is what
 * `If-Match` goes by; the hash is there because a representation changes without it, with each sign-in for one.
 */
export function entityTag(version: number, representation: object): string {
  const hash = createHash('sha256').update(JSON.stringify(representation)).digest('base64url')
  return `"${version}-${hash.slice(0, 16)}"`
}

/**
 * Throws `precondition-failed`, with the current tag, where an `If-Match` field names other versions only. What is there
 * is locked, so that it stays what it is until it is changed.
 *
 * @param field as the contract has it: `*`, or a list of tags in quotes. Weak ones never match (section 13.1.1).
 */
export function demandMatch(field: string | undefined, current: string): void {
  if (field === undefined || field === '*') return
  const tags = field.match(/(?:W\/)?"[^"]*"/g) ?? []
  if (tags.some((tag) => versionOf(tag) === versionOf(current))) return
  throw new Problem('precondition-failed', {
    detail:
      'It is another version by now; ETag has its name. Read it again, and repeat the change if it is still wanted.',
    headers: { ETag: current },
  })
}

/** Undefined for a tag that is none of ours, a weak one among them; it equals no version of ours. */
function versionOf(tag: string): string | undefined {
  return /^"([1-9]\d*)-[\w-]{16}"$/.exec(tag)?.[1]
}
