import { Problem } from '../../problem.ts'

/**
 * The values of one line of CSV (RFC 4180). A quoted value ends on its line: no column of an import may have a line break.
 * Throws `validation-failed` for a quote that is out of place or has no end.
 */
export function parseCsvLine(line: string): string[] {
  if (!line.includes('"')) return line.split(',')
  const values: string[] = []
  for (let at = 0; ;) {
    const { value, end } = line[at] === '"' ? quotedValue(line, at) : plainValue(line, at)
    values.push(value)
    if (end === line.length) return values
    at = end + 1
  }
}

interface Value {
  value: string
  /** Of the comma behind it, or of the line. */
  end: number
}

function plainValue(line: string, start: number): Value {
  const comma = line.indexOf(',', start)
  const end = comma === -1 ? line.length : comma
  const value = line.slice(start, end)
  if (value.includes('"')) throw brokenQuote(start + value.indexOf('"'), 'a value with a quote in it stands in quotes')
  return { value, end }
}

function quotedValue(line: string, start: number): Value {
  let value = ''
  for (let from = start + 1; ;) {
    const quote = line.indexOf('"', from)
    if (quote === -1) throw brokenQuote(start, 'the quote has no end on this line')
    value += line.slice(from, quote)
    const next = line[quote + 1]
    if (next === undefined || next === ',') return { value, end: quote + 1 }
    if (next !== '"') throw brokenQuote(quote, 'a quote inside quotes is written twice')
    value += '"'
    from = quote + 2
  }
}

function brokenQuote(at: number, detail: string): Problem {
  return new Problem('validation-failed', {
    detail: `Character ${at + 1} of the line is a quote out of place.`,
    errors: [{ in: 'body', pointer: '', code: 'quote', detail }],
  })
}
