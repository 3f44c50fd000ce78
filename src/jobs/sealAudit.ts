import type { Context } from '../context.ts'
import type { Tx } from '../db/database.ts'
import { inTransaction } from '../db/transaction.ts'
import { hashStatement, sealStatement } from '../domain/sealStatement.ts'
import { latestRowFormat, listUnsealed } from '../queries/auditRows.ts'
import {
  findLastSeal,
  insertSeal,
  listOpenWriters,
  lockSealing,
  readClock,
  type NewSeal,
} from '../queries/auditSeals.ts'
import { hashLeaf, rootOf } from '../security/merkleTree.ts'
import type { SealKey } from '../security/sealKey.ts'

/** Events of one seal at most: a proof then has 12 steps, and a seal is made within a fraction of a second. */
const most = 4096

/**
 * Seals the events that no seal holds yet. Writers notice nothing of it. Of several instances one does it at a time; a
 * seal that was cut off half-way leaves no trace. The head of each seal goes out as a line of the log, so that there is
 * a copy outside the database.
 */
export async function sealAudit(
  { db, logger, sealKey }: Pick<Context, 'db' | 'logger' | 'sealKey'>,
  signal?: AbortSignal,
): Promise<void> {
  const { key } = await sealKey()
  let sealed: NewSeal | undefined
  do {
    sealed = await inTransaction(db, (tx) => sealNext(tx, key))
    if (!sealed) return
    const { number, event_count: count, max_seq, key_id } = sealed
    const [hash, previous, root] = [sealed.hash, sealed.previous_hash, sealed.root].map((each) => each.toString('hex'))
    logger.info({ number, hash, previous, root, count, max_seq, key_id }, 'audit sealed')
  } while (sealed.event_count === most && !signal?.aborted)
}

/** Undefined where there is nothing to seal, or another instance is sealing. */
async function sealNext(tx: Tx, key: SealKey): Promise<NewSeal | undefined> {
  if (!(await lockSealing(tx))) return undefined
  const last = await findLastSeal(tx)
  // Before the events are read: whoever has ended by now has events that are read, or none.
  const open = new Set(last && last.open_writers.length > 0 ? await listOpenWriters(tx) : [])
  const isSettled = !last?.open_writers.some((writer) => open.has(writer))
  const rows = await listUnsealed(tx, last?.settled_seq ?? '0', most)
  // After the events were read: whoever drew a number below theirs holds the lock, or has ended since.
  const writers = await listOpenWriters(tx)
  const [first, end] = [rows[0], rows.at(-1)]
  if (!first || !end) return undefined

  const leaves = rows.map(({ row }) => hashLeaf(row))
  // Up to the highest number of the seal before, as far as this one got.
  const reached = rows.length === most ? smaller(last?.highest_seq ?? '0', end.seq) : (last?.highest_seq ?? '0')
  const head = {
    number: String(BigInt(last?.number ?? 0) + 1n),
    previous_hash: last?.hash ?? Buffer.alloc(32),
    row_format: latestRowFormat,
    event_count: rows.length,
    root: rootOf(leaves),
    min_seq: first.seq,
    max_seq: end.seq,
    settled_seq: isSettled ? reached : (last?.settled_seq ?? '0'),
    sealed_at: await readClock(tx),
    key_id: key.id,
  }
  const statement = sealStatement(head)
  const seal = {
    ...head,
    event_ids: rows.map(({ id }) => id),
    leaf_hashes: Buffer.concat(leaves),
    highest_seq: larger(last?.highest_seq ?? '0', end.seq),
    open_writers: writers,
    public_key: key.publicKey,
    signature: key.sign(statement),
    hash: hashStatement(statement),
  }
  await insertSeal(tx, seal)
  return seal
}

function smaller(one: string, other: string): string {
  return BigInt(one) < BigInt(other) ? one : other
}

function larger(one: string, other: string): string {
  return BigInt(one) < BigInt(other) ? other : one
}
