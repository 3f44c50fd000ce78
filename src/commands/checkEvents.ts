import type { Db } from '../db/database.ts'
import { findRow, knowsRowFormat, latestRowFormat, listRows, type CanonicalRow } from '../queries/auditRows.ts'
import { listSealContents } from '../queries/auditSeals.ts'
import { hashLeaf } from '../security/merkleTree.ts'
import type { Report, SealRange } from './checkSeals.ts'
import { readAhead } from './readAhead.ts'

/** Rows of one query, few enough to be read within the statement timeout. */
const window = 5000
const sealsAtOnce = 50
/** A bigint of PostgreSQL: numbers begin with 1, but nobody is to hide below. */
const lowestSeq = '-9223372036854775808'

/** An event that no seal of the range holds. */
export interface LooseEvent {
  id: string
  seq: string
  occurredAt: string
}

// More than these are counted and neither kept nor named.
const mostLoose = 10_000
const mostMissing = 1000

export interface EventCheck {
  checked: number
  loose: LooseEvent[]
  furtherLoose: number
  missing: number
}

interface Place {
  seal: OpenSeal
  index: number
}

interface OpenSeal {
  number: string
  maxSeq: bigint
  ids: string[]
  hashes: Buffer
  /** Events that were not come across yet. */
  left: number
  /** The place of the last one that was. */
  lastIndex: number
}

/**
 * Walks the events in the order of their seq beside the seals that hold them: reports each that is not what was sealed
 * or is not where it was, and collects those that no seal holds. Memory holds what a few seals hold.
 */
export async function checkEvents(
  db: Db,
  { before, last }: SealRange,
  report: Report,
  onProgress: (seq: string, checked: number) => void,
): Promise<EventCheck> {
  const result: EventCheck = { checked: 0, loose: [], furtherLoose: 0, missing: 0 }
  const places = new Map<string, Place>()
  const nextSeals = sealReader(db, { before, last }, report)
  let open: OpenSeal[] = []
  const start = before?.settled_seq ?? lowestSeq
  const load = (last: CanonicalRow | undefined) => listRows(db, latestRowFormat, last?.seq ?? start, window)
  for await (const rows of readAhead(load)) {
    const end = rows.at(-1)?.seq
    const opened = await nextSeals(end)
    for (const seal of opened) for (const [index, id] of seal.ids.entries()) places.set(id, { seal, index })
    open.push(...opened)
    for (const row of rows) checkRow(row, places, result, report)
    const isClosed = (seal: OpenSeal) => end === undefined || seal.maxSeq <= BigInt(end)
    for (const seal of open.filter(isClosed)) if (seal.left > 0) await noteMissing(db, seal, { places, result }, report)
    open = open.filter((seal) => !isClosed(seal))
    // Behind the last event there may be any number of seals whose events are gone.
    if (end === undefined && opened.length > 0) continue
    if (end === undefined) break
    result.checked += rows.length
    onProgress(end, result.checked)
  }
  if (result.missing > mostMissing) report(`${result.missing - mostMissing} further events: removed or moved`)
  return result
}

function checkRow({ id, seq, row }: CanonicalRow, places: Map<string, Place>, result: EventCheck, report: Report) {
  const place = places.get(id)
  if (!place) {
    if (result.loose.length === mostLoose) result.furtherLoose += 1
    else result.loose.push({ id, seq, occurredAt: String((JSON.parse(row) as unknown[])[2]) })
    return
  }
  const { seal, index } = place
  places.delete(id)
  seal.left -= 1
  const isInOrder = index > seal.lastIndex
  seal.lastIndex = index
  if (hashLeaf(row).equals(seal.hashes.subarray(32 * index, 32 * (index + 1)))) return
  const what = isInOrder ? 'changed' : 'moved, its seq is not the one it had'
  report(`event ${id} (seq ${seq}): ${what} since seal ${seal.number}`)
}

async function noteMissing(
  db: Db,
  seal: OpenSeal,
  { places, result }: { places: Map<string, Place>; result: EventCheck },
  report: Report,
): Promise<void> {
  for (const id of seal.ids) {
    if (places.get(id)?.seal !== seal) continue
    places.delete(id)
    result.missing += 1
    if (result.missing > mostMissing) continue
    const moved = await findRow(db, latestRowFormat, id)
    const what = moved ? `moved to seq ${moved.seq}` : 'removed'
    report(`event ${id}: ${what} since seal ${seal.number}`)
  }
}

/** Answers, each time, the seals whose events begin up to a seq; where there is none, some of those that are left. */
function sealReader(db: Db, { before, last }: SealRange, report: Report) {
  const range = { fromNumber: String(BigInt(before?.number ?? 0) + 1n), toNumber: last?.number ?? '0' }
  let after: { min_seq: string; number: string } | undefined
  let loaded: (OpenSeal & { minSeq: bigint })[] = []
  let isEnd = false

  return async function next(upToSeq: string | undefined): Promise<OpenSeal[]> {
    const isDue = (seal: { minSeq: bigint } | undefined) =>
      seal === undefined || upToSeq === undefined || seal.minSeq <= BigInt(upToSeq)
    while (!isEnd && (upToSeq === undefined ? loaded.length === 0 : isDue(loaded.at(-1)))) {
      const rows = await listSealContents(db, { ...range, after }, sealsAtOnce)
      isEnd = rows.length < sealsAtOnce
      after = rows.at(-1) ?? after
      for (const row of rows) {
        if (!knowsRowFormat(row.row_format))
          report(`seal ${row.number}: holds rows of format ${row.row_format}, which this version does not know`)
        loaded.push({
          number: row.number,
          minSeq: BigInt(row.min_seq),
          maxSeq: BigInt(row.max_seq),
          ids: row.event_ids,
          hashes: row.leaf_hashes,
          left: row.event_ids.length,
          lastIndex: -1,
        })
      }
    }
    const due = loaded.filter(isDue)
    loaded = loaded.filter((seal) => !isDue(seal))
    return due
  }
}
