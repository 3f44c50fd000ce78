import { setImmediate as breathe } from 'node:timers/promises'
import type { Db } from '../../db/database.ts'
import { Problem } from '../../problem.ts'
import { findChunk } from '../../queries/userImportChunks.ts'
import type { ImportRow } from '../../queries/userImports.ts'
import type { Passwords } from '../../security/passwords.ts'
import { readHeader } from './csvRows.ts'
import { LineSplitter, type Line, type Position } from './lineSplitter.ts'
import type { Plan } from './plan.ts'
import { readRow, type SoundRow, type UnsoundRow } from './readRow.ts'

/** Rows that are written together, and where the file goes on after them. */
export interface Batch {
  rows: (SoundRow | UnsoundRow)[]
  /** The byte at which its first line begins, which is where the file stands until the batch is committed. */
  start: number
  position: Position
  columns: string[] | null
}

/** Rows of one transaction. Few enough for its time, many enough to make the round trips count for little. */
const batchRows = 500
/** Each user who is updated takes statements of their own and cannot sign in before the end: a fraction of the lock timeout. */
const batchUpdates = 100
/** A password has to be hashed, which takes a hundred times longer than all else. */
const batchPasswords = 25
/** Rows between two looks at what else there is to do, such as PostgreSQL's answers: a millisecond or two. */
const breathRows = 10

/** Reads the file of an import from where it stands to its end. Throws the problem of a file that is of no use as a whole. */
export async function* readBatches(
  { db, passwords, plan }: { db: Db; passwords: Passwords; plan: Plan },
  file: ImportRow,
): AsyncGenerator<Batch> {
  let columns = file.columns
  let rows: Batch['rows'] = []
  let [fresh, reading] = [0, 0]
  const most = file.on_conflict === 'update' ? batchUpdates : batchRows
  let start = Number(file.position_bytes)
  const splitter = new LineSplitter({ bytes: start, line: file.position_line })
  for await (const line of linesOf(db, file, splitter, start)) {
    if (file.format === 'csv' && columns === null) columns = headerOf(line)
    else {
      const row = readRow(line, { columns, passwords, plan })
      rows.push(row)
      if ('user' in row && row.user.password !== undefined) fresh += 1
    }
    if (rows.length === most || fresh === batchPasswords) {
      yield { rows, start, position: { bytes: line.end, line: line.number }, columns }
      start = line.end
      rows = []
      fresh = 0
    }
    reading += 1
    if (reading % breathRows === 0) await breathe()
  }
  if (file.format === 'csv' && columns === null) throw headless()
  yield { rows, start, position: splitter.position, columns }
}

async function* linesOf(db: Db, file: ImportRow, splitter: LineSplitter, start: number): AsyncGenerator<Line> {
  const size = Number(file.received_bytes)
  for (let at = start; at < size;) {
    const chunk = await findChunk(db, file.id, at)
    if (!chunk) throw new Error('A piece of the file is gone')
    const piece = chunk.data.subarray(at - chunk.start)
    at += piece.length
    yield* splitter.push(piece)
  }
  yield* splitter.end()
}

function headerOf({ bytes, number }: Line): string[] {
  if (bytes === undefined || number !== 1) throw headless()
  return readHeader(bytes)
}

function headless(): Problem {
  return new Problem('validation-failed', {
    detail: 'The file has no header: line 1 names the columns.',
    errors: [{ in: 'body', pointer: '', code: 'missing-header', detail: 'must begin with a header' }],
  })
}
