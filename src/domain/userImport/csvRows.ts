import { isUtf8 } from 'node:buffer'
import { Problem, type Fault } from '../../problem.ts'
import { parseCsvLine } from './csvLine.ts'
import { rowColumns } from './checkRow.ts'

const required = ['username', 'email']
/** What may begin with anything at all. */
const secrets = new Set(['password', 'password_hash'])
/** What an export puts a `'` before, so that no spreadsheet takes it for a formula. */
const marked = /^'+[=+\-@\t\r]/
const booleans = new Set(['is_active', 'email_verified'])

/** The columns of a file. Throws the problem of the whole file, with every fault of the header. */
export function readHeader(bytes: Buffer): string[] {
  const columns = parseCsvLine(decode(bytes)).map((column) => column.trim())
  const errors: Fault[] = columns.flatMap((column, index) => {
    if (!rowColumns.includes(column)) return [fault(column, 'unknown-column', 'is not a column of an import')]
    return columns.indexOf(column) < index ? [fault(column, 'repeated-column', 'is there twice')] : []
  })
  const missing = required.filter((column) => !columns.includes(column))
  errors.push(...missing.map((column) => fault(column, 'missing-column', 'is a column that has to be there')))
  if (errors.length === 0) return columns
  const detail = 'The header, line 1, does not fit: its columns must be those of a row, separated by commas.'
  throw new Problem('validation-failed', { detail, errors: errors.slice(0, 50) })
}

/** A line as the object it stands for. An empty cell is a property left out. Throws `validation-failed`. */
export function readCsvRow(bytes: Buffer, columns: readonly string[]): Record<string, unknown> {
  const cells = parseCsvLine(decode(bytes))
  if (cells.length !== columns.length) {
    const detail = `has ${cells.length} values for ${columns.length} columns`
    throw new Problem('validation-failed', { errors: [{ in: 'body', pointer: '', code: 'column-count', detail }] })
  }
  const row: Record<string, unknown> = {}
  for (const [index, cell] of cells.entries()) {
    const column = columns[index] ?? ''
    if (cell !== '') row[column] = valueOf(column, cell)
  }
  return row
}

function valueOf(column: string, cell: string): unknown {
  if (secrets.has(column)) return cell
  // Spreadsheets write them large.
  if (booleans.has(column) && /^(true|false)$/i.test(cell)) return cell.toLowerCase() === 'true'
  return plainCell(cell)
}

/** The value that an export made this cell of. */
function plainCell(cell: string): string {
  return marked.test(cell) ? cell.slice(1) : cell
}

function decode(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw lineFault('encoding', 'must be UTF-8')
  if (bytes.includes(0)) throw lineFault('control-character', 'may not have a NUL')
  return bytes.toString()
}

function lineFault(code: string, detail: string): Problem {
  return new Problem('validation-failed', { errors: [{ in: 'body', pointer: '', code, detail }] })
}

function fault(column: string, code: string, detail: string): Fault {
  // A name that is nobody's may be anything, of any length.
  const isName = /^[\w .-]{1,64}$/.test(column)
  return { in: 'body', ...(isName ? { pointer: `/${column}` } : {}), code, detail }
}
