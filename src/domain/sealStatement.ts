import { hash } from 'node:crypto'

/** What a seal says of the events it holds, apart from their hashes. */
export interface SealHead {
  number: string
  previous_hash: Buffer
  row_format: number
  event_count: number
  root: Buffer
  min_seq: string
  max_seq: string
  settled_seq: string
  sealed_at: string
  key_id: string
}

/** The text that is signed, in UTF-8: a line for each fact, in this order, each with a line feed. */
export function sealStatement(seal: SealHead): string {
  const facts = {
    seal: seal.number,
    previous: seal.previous_hash.toString('hex'),
    rows: seal.row_format,
    count: seal.event_count,
    root: seal.root.toString('hex'),
    min_seq: seal.min_seq,
    max_seq: seal.max_seq,
    settled_seq: seal.settled_seq,
    sealed_at: seal.sealed_at,
    key: seal.key_id,
  }
  const lines = Object.entries(facts).map(([name, value]) => `${name}: ${value}\n`)
  return ['user-management-api audit seal, version 1\n', ...lines].join('')
}

/** What the next seal names, and what is kept outside the database. */
export function hashStatement(statement: string): Buffer {
  return hash('sha256', statement, 'buffer')
}
