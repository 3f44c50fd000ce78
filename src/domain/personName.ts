import { Problem } from '../problem.ts'

const longest = 100

/** A name in the form in which it is kept: NFC. Few scripts grow by that, so the length is looked at once more. */
export function normaliseName(name: string | null | undefined, property: 'first_name' | 'last_name'): string | null {
  const normal = name?.normalize('NFC') ?? null
  if (normal !== null && [...normal].length > longest) {
    const detail = `must NOT have more than ${longest} characters in Unicode NFC`
    throw new Problem('validation-failed', {
      errors: [{ in: 'body', pointer: `/${property}`, code: 'max-length', detail }],
    })
  }
  return normal
}
