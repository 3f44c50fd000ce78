import { isIndependent } from '../../src/domain/userImport/independence.ts'
import type { Batch } from '../../src/domain/userImport/readBatches.ts'

type Row = Batch['rows'][number]

const batchOf = (...users: object[]): Batch => ({
  rows: users.map((user, line) => ({ line, user, draft: {} }) as Row),
  start: 0,
  position: { bytes: 0, line: 0 },
  columns: null,
})
const ada = { username: 'Ada', email: 'ada@example.com' }
const bea = { username: 'bea', email: 'bea@example.com' }

const cases: [string, Batch, Batch | undefined, 'fail' | 'skip' | 'update', boolean][] = [
  ['nobody in common', batchOf(bea), batchOf(ada), 'fail', true],
  ['nobody in common, known ones left out', batchOf(bea), batchOf(ada), 'skip', true],
  ['nobody in common, known ones updated', batchOf(bea), batchOf(ada), 'update', false],
  ['no batch before', batchOf(bea), undefined, 'fail', false],
  ['a username in other case', batchOf(bea, { ...bea, username: 'ADA' }), batchOf(ada), 'fail', false],
  ['an address in other case', batchOf({ ...bea, email: 'ADA@example.com' }), batchOf(ada), 'skip', false],
  ['passwords to hash before', batchOf(bea), batchOf({ ...ada, password: 'x' }), 'fail', false],
  ['passwords to hash after', batchOf({ ...bea, password: 'x' }), batchOf(ada), 'fail', true],
  ['rows without a user', { ...batchOf(), rows: [{ line: 1, problem: {} } as Row] }, batchOf(ada), 'fail', true],
]

test.each(cases)('%s', (_case, batch, before, onConflict, expected) => {
  expect(isIndependent(batch, before, { onConflict })).toBe(expected)
})
