import { hash } from 'node:crypto'

/** SHA-256, in bytes. */
const width = 32

// The prefixes of RFC 6962 section 2.1: no leaf can pass for an inner node.
export function hashLeaf(row: string): Buffer {
  return hash('sha256', `\0${row}`, 'buffer')
}

function hashNode(left: Buffer, right: Buffer): Buffer {
  return hash('sha256', Buffer.concat([nodePrefix, left, right]), 'buffer')
}

const nodePrefix = Buffer.of(1)

/** The leaf hashes that lie one after the other in `bytes`. */
export function divideLeaves(bytes: Buffer): Buffer[] {
  return Array.from({ length: bytes.length / width }, (_, index) => bytes.subarray(index * width, (index + 1) * width))
}

/** The root of the tree over at least one leaf. */
export function rootOf(leaves: Buffer[]): Buffer {
  let level = leaves
  while (level.length > 1) level = levelAbove(level)
  const [root] = level
  if (!root) throw new RangeError('A tree needs a leaf')
  return root
}

export interface PathStep {
  /** Where the other node stands. */
  side: 'left' | 'right'
  hash: Buffer
}

/** What has to be hashed with the leaf, from its neighbour up, to arrive at the root. */
export function pathOf(leaves: Buffer[], leafIndex: number): PathStep[] {
  const path: PathStep[] = []
  let index = leafIndex
  for (let level = leaves; level.length > 1; level = levelAbove(level), index = index >> 1) {
    const isLeft = index % 2 === 0
    const neighbour = level[isLeft ? index + 1 : index - 1]
    // The last of an odd number goes up as it is.
    if (neighbour) path.push({ side: isLeft ? 'right' : 'left', hash: neighbour })
  }
  return path
}

function levelAbove(level: Buffer[]): Buffer[] {
  const above: Buffer[] = []
  for (let index = 0; index < level.length; index += 2) {
    const [left, right] = [level[index]!, level[index + 1]]
    above.push(right ? hashNode(left, right) : left)
  }
  return above
}
