import type { Db } from '../db/database.ts'
import { listOpenWriters, listSealed, readClock } from '../queries/auditSeals.ts'
import { findNumbers, listUnaudited } from '../queries/auditTraces.ts'
import type { EventCheck } from './checkEvents.ts'
import type { Report, SealRange } from './checkSeals.ts'

/** Ids of one query. */
const batch = 500
/** Findings of one kind that are named one by one. */
const mostNamed = 1000
/** Numbers that a crash of PostgreSQL leaves out at most: it writes them down in advance. */
const lostInCrash = 32

/**
 * Judges the events that no seal holds. Those of the last moments are waiting for theirs; any other was added behind the
 * application's back, or nobody seals.
 */
export async function checkLoose(
  db: Db,
  { loose, furtherLoose }: EventCheck,
  { last, periodSeconds }: SealRange & { periodSeconds: number },
  report: Report,
): Promise<number> {
  const sealed = new Set<string>()
  for (let from = 0; from < loose.length; from += batch)
    for (const id of await listSealed(db, loose.slice(from, from + batch))) sealed.add(id)
  const patience = (3 * periodSeconds + 30) * 1000
  const now = Date.parse(await readClock(db))
  const settled = BigInt(last?.settled_seq ?? 0)
  let waiting = 0
  let named = 0
  for (const { id, seq, occurredAt } of loose.filter((event) => !sealed.has(event.id))) {
    const isAdded = BigInt(seq) <= settled
    if (!isAdded && now - Date.parse(occurredAt) < patience) {
      waiting += 1
      continue
    }
    named += 1
    const what = isAdded
      ? `added: no seal holds it although everything up to seq ${settled} was sealed`
      : `not sealed although it is of ${occurredAt}: nobody seals, or it was added`
    if (named <= mostNamed) report(`event ${id} (seq ${seq}): ${what}`)
  }
  const unnamed = Math.max(0, named - mostNamed) + furtherLoose
  if (unnamed > 0) report(`${unnamed} further events are not sealed`)
  return waiting
}

/** What else in the database tells that the end of the trail is gone. */
export async function checkEnd(db: Db, report: Report): Promise<void> {
  for (const { what, id, created_at } of await listUnaudited(db))
    report(`${what} ${id} (of ${created_at}): has no event; the trail was cut off, or it came past the application`)
  // Numbers of transactions that are still open have no event yet.
  if ((await listOpenWriters(db)).length > 0) return
  const { given, kept } = await findNumbers(db)
  if (BigInt(given) - BigInt(kept) > lostInCrash)
    report(`seq ${BigInt(kept) + 1n} to ${given}: given out and not there; cut off, unless many were just rolled back`)
}
