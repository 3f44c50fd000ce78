import { createHash } from 'node:crypto'
import { divideLeaves, hashLeaf, pathOf, rootOf } from '../../src/security/merkleTree.ts'

const sha256 = (...parts: (Buffer | string)[]) => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** As RFC 6962 section 2.1 words it: split at the largest power of two below the number of leaves. */
function rootByDefinition(rows: string[]): Buffer {
  if (rows.length === 1) return sha256('\0', rows[0]!)
  let split = 1
  while (split * 2 < rows.length) split *= 2
  return sha256('\u0001', rootByDefinition(rows.slice(0, split)), rootByDefinition(rows.slice(split)))
}

describe('the tree of hashes', () => {
  const rows = Array.from({ length: 33 }, (_, index) => `row ${index} ü`)
  const counts = rows.map((_, index) => index + 1)

  test.each(counts)('AUD-06! over %i rows has the root of RFC 6962, and a path from each row to it', (count) => {
    const leaves = rows.slice(0, count).map(hashLeaf)
    const root = rootOf(leaves)
    expect(root).toEqual(rootByDefinition(rows.slice(0, count)))
    for (const [index, leaf] of leaves.entries()) {
      const reached = pathOf(leaves, index).reduce(
        (here, { side, hash }) => (side === 'right' ? sha256('\u0001', here, hash) : sha256('\u0001', hash, here)),
        leaf,
      )
      expect(reached).toEqual(root)
    }
    expect(divideLeaves(Buffer.concat(leaves))).toEqual(leaves)
  })
})
