/** What spreadsheets take for the beginning of a formula, behind any number of the marks that say it is none. */
const formula = /^'*[=+\-@\t\r]/

/**
 * A value as a cell of a CSV file that may be opened in a spreadsheet: what would be taken for a formula has a `'` before
 * it (CWE-1236), and what would be taken for several cells stands in quotes (RFC 4180).
 * An import takes the `'` off again (`plainCell` in `domain/userImport/csvRows.ts`).
 */
export function csvCell(value: string | boolean | null | undefined): string {
  const text = String(value ?? '')
  const safe = formula.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
