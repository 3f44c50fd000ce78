import { randomFillSync } from 'node:crypto'

const block = Buffer.alloc(4096)
let next = block.length

/**
 * Random bytes for keys and nonces, a few dozen at a time, cut from a block: asking the system for so few takes as long as
 * to encrypt with them. Each byte is given out once and not kept.
 */
export function freshBytes(count: number): Buffer {
  if (next + count > block.length) {
    randomFillSync(block)
    next = 0
  }
  const bytes = Buffer.from(block.subarray(next, next + count))
  block.fill(0, next, next + count)
  next += count
  return bytes
}
