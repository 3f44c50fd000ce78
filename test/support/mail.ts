export interface ReceivedMail {
  headers: Record<string, string>
  to: string
  subject: string
  text: string
  html: string
  /** The one behind the `#` of its link. */
  token: string | undefined
}

/** Reads a mail as a mail program does, as far as ours go (RFC 2045, 2046, 2047). */
export function readMail(source: string): ReceivedMail {
  const { headers, body } = readPart(source)
  const boundary = /boundary="([^"]+)"/.exec(headers['content-type'] ?? '')?.[1] ?? ''
  const parts = body
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((part) => readPart(part.replace(/^\r?\n/, '')))
  const contentOf = (type: string) => {
    const part = parts.find((each) => each.headers['content-type']?.startsWith(type))
    return part === undefined ? '' : decode(part)
  }
  const text = contentOf('text/plain')
  return {
    headers,
    to: headers.to ?? '',
    subject: decodeWords(headers.subject ?? ''),
    text,
    html: contentOf('text/html'),
    token: /#token=([\w-]+)/.exec(text)?.[1],
  }
}

interface Part {
  headers: Record<string, string>
  body: string
}

function readPart(source: string): Part {
  const [head = '', ...rest] = source.split(/\r?\n\r?\n/)
  const lines = head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)
  const fields = lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.replace(/^[^:]*: ?/, '')])
  return { headers: Object.fromEntries(fields) as Record<string, string>, body: rest.join('\n\n') }
}

function decode({ headers, body }: Part): string {
  const encoding = headers['content-transfer-encoding']
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString()
  return (encoding === 'quoted-printable' ? unquote(body.replace(/=\r?\n/g, '')) : body).trimEnd()
}

function unquote(text: string): string {
  const bytes = text.replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString()
}

function decodeWords(text: string): string {
  return text
    .replace(/\?= =\?/g, '?==?')
    .replace(/=\?utf-8\?([QB])\?([^?]*)\?=/gi, (_, kind: string, word: string) =>
      kind.toUpperCase() === 'B' ? Buffer.from(word, 'base64').toString() : unquote(word.replaceAll('_', ' ')),
    )
}
