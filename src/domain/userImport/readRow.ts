import { parseStrictJson } from '../../http/strictJson.ts'
import { Problem } from '../../problem.ts'
import type { Passwords } from '../../security/passwords.ts'
import { normaliseName } from '../personName.ts'
import { checkRow, type ImportRow } from './checkRow.ts'
import { readCsvRow } from './csvRows.ts'
import { draftUser, type SoundUser, type UserDraft } from './draftUser.ts'
import { longestLine, type Line } from './lineSplitter.ts'
import type { Plan } from './plan.ts'

/** A row that keeps every rule that can be looked at without the database. */
export interface SoundRow {
  line: number
  user: SoundUser
  draft: UserDraft
}

export interface UnsoundRow {
  line: number
  problem: Problem
}

/** Reads one row and holds it against the rules of `createUser`. `columns` are those of a CSV file. */
export function readRow(
  { number: line, bytes }: Line,
  { columns, passwords, plan }: { columns: readonly string[] | null; passwords: Passwords; plan: Plan },
): SoundRow | UnsoundRow {
  try {
    if (bytes === undefined) throw tooLong()
    const row = checkRow(columns === null ? parseJsonLine(bytes) : readCsvRow(bytes, columns))
    const user = keepRules(row, passwords)
    return { line, user, draft: draftUser(user, plan) }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return { line, problem: error }
  }
}

function parseJsonLine(bytes: Buffer): unknown {
  try {
    return parseStrictJson(bytes)
  } catch (error) {
    // The line of the file is known; that of the text is always the first.
    if (!(error instanceof Problem) || !error.detail?.startsWith('Line 1, c')) throw error
    const detail = error.detail.replace('Line 1, c', 'C')
    throw new Problem(error.type, { detail, ...(error.errors && { errors: error.errors }) })
  }
}

function keepRules(row: ImportRow, passwords: Passwords): SoundUser {
  if (row.password !== undefined) passwords.demandStrong(row.password, row)
  if (row.password_hash !== undefined && !passwords.isReadable(row.password_hash)) {
    const detail = 'is of no known format, damaged, made with a key that is not here, or too dear to verify'
    throw new Problem('validation-failed', {
      errors: [{ in: 'body', pointer: '/password_hash', code: 'unreadable-hash', detail }],
    })
  }
  const name = (property: 'first_name' | 'last_name') =>
    row[property] === undefined ? undefined : normaliseName(row[property], property)
  return { ...row, first_name: name('first_name'), last_name: name('last_name') }
}

function tooLong(): Problem {
  const detail = `may have ${longestLine} bytes at most`
  return new Problem('validation-failed', { errors: [{ in: 'body', pointer: '', code: 'line-too-long', detail }] })
}
