import { readFileSync, writeFileSync } from 'node:fs'
import { spreadOf } from './statistics.ts'

/** Median, and in brackets the least and the most. */
export function cell(values: readonly number[], digits: number): string {
  const { median, least, most } = spreadOf(values)
  return `${median.toFixed(digits)} (${least.toFixed(digits)}–${most.toFixed(digits)})`
}

/** A Markdown table; the first row is its head. */
export function table(head: readonly string[], ...rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n')
}

/** Puts a table between the marks that bear its part's name. */
export function writeInto(document: URL, part: string, text: string): void {
  const marks = new RegExp(`(<!-- ${part} -->\n)[\\s\\S]*(\n<!-- end of ${part} -->)`)
  const before = readFileSync(document, 'utf8')
  if (!marks.test(before)) throw new Error(`the document has no place for ${part}`)
  writeFileSync(
    document,
    before.replace(marks, (_all, start: string, end: string) => `${start}\n${text}\n${end}`),
  )
}
