import type { Db } from '../db/database.ts'
import { hashStatement, sealStatement } from '../domain/sealStatement.ts'
import { findSealHead, listSealChain, type SealHeadRow, type SealRow } from '../queries/auditSeals.ts'
import { divideLeaves, rootOf } from '../security/merkleTree.ts'
import type { SealVerifier } from '../security/sealKey.ts'
import { readAhead } from './readAhead.ts'
import type { Heads } from './sealHeads.ts'

/** Says what is wrong: one finding a line. */
export type Report = (finding: string) => void

export interface SealCheck {
  /** The first seal to look at. */
  fromNumber: bigint
  /** Whose signatures count. */
  keys: SealVerifier[]
  /** Hashes that were kept outside the database; none where nobody kept them. */
  heads: Heads
}

export interface SealRange {
  /** The one before the first. */
  before: SealHeadRow | undefined
  last: SealHeadRow | undefined
}

type ChainedSeal = SealHeadRow & Pick<SealRow, 'leaf_hashes'>

/** With those read ahead some 20 MB of the largest seals at a time. */
const batch = 50

/** Holds the chain of seals against itself, the keys and the heads; what the seals hold is not looked at. */
export async function checkSeals(db: Db, check: SealCheck, report: Report): Promise<SealRange> {
  const before = await findSealHead(db, String(check.fromNumber - 1n))
  let last = before
  let number = check.fromNumber - 1n
  const foreign = new Map<string, [first: string, last: string]>()
  const start = String(number)
  for await (const seals of readAhead<ChainedSeal>((end) => listSealChain(db, end?.number ?? start, batch))) {
    if (seals.length === 0) break
    for (const seal of seals) {
      const missing = numbersBetween(number, BigInt(seal.number))
      if (missing !== undefined) report(`${missing}: removed`)
      const isNext = last !== undefined && missing === undefined
      const previous = isNext ? last?.hash : seal.number === '1' ? Buffer.alloc(32) : undefined
      const faults = faultsOf(seal, previous, check)
      if (faults.length > 0) report(`seal ${seal.number}: ${faults.join('; ')}`)
      if (!check.keys.some(({ id }) => id === seal.key_id))
        foreign.set(seal.key_id, [foreign.get(seal.key_id)?.[0] ?? seal.number, seal.number])
      last = seal
      number = BigInt(seal.number)
    }
  }
  for (const [key, [first, end]] of foreign)
    report(`seals ${first} to ${end}: signed by ${key}, which is none of the known keys (see --public-key)`)
  const cutOff = numbersBetween(number, (check.heads.newest ?? 0n) + 1n)
  if (cutOff !== undefined) report(`${cutOff}: cut off; their heads were kept outside`)
  return { before, last }
}

function faultsOf(seal: ChainedSeal, previousHash: Buffer | undefined, { keys, heads }: SealCheck): string[] {
  const statement = sealStatement(seal)
  const leaves = divideLeaves(seal.leaf_hashes)
  const key = keys.find(({ id }) => id === seal.key_id)
  const kept = heads.hashOf(BigInt(seal.number))
  const faults: [boolean, string][] = [
    [!hashStatement(statement).equals(seal.hash), 'changed, its hash is not that of what it says'],
    [key?.verifies(statement, seal.signature) === false, 'changed or replaced, its signature does not fit'],
    [leaves.length !== seal.event_count || !rootOf(leaves).equals(seal.root), 'the hashes of its events were changed'],
    [previousHash?.equals(seal.previous_hash) === false, 'replaced or moved, it does not continue the one before'],
    [
      kept !== undefined && kept !== seal.hash.toString('hex'),
      'replaced, it is not the one whose head was kept outside',
    ],
  ]
  return faults.filter(([isFault]) => isFault).map(([, sentence]) => sentence)
}

/** The seals that lie between two numbers, in words; undefined where there are none. */
function numbersBetween(before: bigint, after: bigint): string | undefined {
  if (after - before <= 1n) return undefined
  return after - before === 2n ? `seal ${before + 1n}` : `seals ${before + 1n} to ${after - 1n}`
}
