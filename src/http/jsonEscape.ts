const SHORT_ESCAPES: Record<string, string> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}
const UNICODE_ESCAPE = /\\u([0-9a-fA-F]{4})/y

/**
 * Reads the escape that begins at a backslash (RFC 8259 section 7), surrogate pairs as one.
 *
 * @returns what it stands for and how many characters it takes, or the reason why it is refused.
 */
export function readEscape(text: string, at: number): { read: string; length: number } | string {
  const short = SHORT_ESCAPES[text.charAt(at + 1)]
  if (short !== undefined) return { read: short, length: 2 }
  const code = codeUnit(text, at)
  if (code === undefined) return 'the escape is unknown'
  if (code < 0xd800 || code > 0xdfff) return { read: String.fromCharCode(code), length: 6 }
  const low = code < 0xdc00 ? codeUnit(text, at + 6) : undefined
  if (low === undefined || low < 0xdc00 || low > 0xdfff) return 'half of a surrogate pair stands alone'
  return { read: String.fromCharCode(code, low), length: 12 }
}

function codeUnit(text: string, at: number): number | undefined {
  UNICODE_ESCAPE.lastIndex = at
  const digits = UNICODE_ESCAPE.exec(text)?.[1]
  return digits === undefined ? undefined : parseInt(digits, 16)
}
