import { contract } from '../../generated/contract.ts'
import document from '../../generated/openapi.json' with { type: 'json' }
import { operationIds } from '../support/contract.ts'
import { filesIn, read, shelfOf, sources } from './sources.ts'

const written = filesIn('src', 'openapi', 'test', 'migrations', 'docs').filter((file) => !file.endsWith('.bin'))
const ours = written.filter((file) => file.endsWith('.ts'))
const linesOf = (file: string) => read(file).trimEnd().split('\n').length

/** The files in which the pattern occurs. */
const filesWith = (pattern: RegExp, files = sources) => files.filter((file) => pattern.test(read(file)))

/** Tag and operationId of each operation: where its file and its test are. */
const places = operationIds.map((id) => {
  const paths = document.paths as unknown as Record<string, Record<string, { tags: string[] }>>
  return `${paths[contract[id].path]![contract[id].method]!.tags[0]}/${id}`
})

describe('the house', () => {
  test('has no rooms for whatever belongs nowhere', () => {
    expect(written.filter((file) => /\/(utils?|helpers?|common|shared|misc|lib)\b/.test(file))).toEqual([])
    expect(written.filter((file) => /\/index\.[a-z]+$/.test(file))).toEqual([])
  })

  test('has small files', () => {
    expect(ours.filter((file) => linesOf(file) > 200)).toEqual([])
    const operations = sources.filter((file) => shelfOf(file) === 'operations')
    // The house says "about 60".
    expect(operations.filter((file) => linesOf(file) > 65)).toEqual([])
  })

  test('names folders in kebab-case and files in camelCase', () => {
    const strange = ours.filter((file) => {
      const folders = file.split('/').slice(0, -1)
      const name = file.split('/').at(-1)!
      // A folder of data or formats that a file is named after keeps that name.
      const isStrange = folders.some((folder) => !/^[a-z][a-zA-Z-]*$/.test(folder))
      return isStrange || !/^[a-z][a-zA-Z0-9]*(\.(test|types))?\.ts$/.test(name)
    })
    expect(strange).toEqual([])
  })

  test('exports by name', () => {
    expect(filesWith(/^export default/m)).toEqual([])
  })

  test('opens transactions in operations, jobs and commands alone', () => {
    const openers = filesWith(/\binTransaction\(|\.transaction\(\)|\.startTransaction\(/)
    const allowed = ['operations', 'jobs', 'commands']
    expect(openers.filter((file) => !allowed.includes(shelfOf(file)!))).toEqual(['src/db/transaction.ts'])
  })

  test('INP-15! has no predictable randomness and no SQL made of text', () => {
    expect(filesWith(/\bMath\.random\b|\bsql\.(raw|lit)\b/)).toEqual([])
  })

  test('picks rows to be changed once, where it passes over those that others have locked', () => {
    const pickers = filesWith(/\.skipLocked\(\)/)
    expect(pickers.length).toBeGreaterThan(5)
    const isOnce = /\bisPicked\(|\.skipLocked\(\)\s*\.execute/
    expect(pickers.filter((file) => !isOnce.test(read(file)))).toEqual([])
    const picks = filesWith(
      /\bSKIP LOCKED\b/,
      sources.filter((file) => file.startsWith('src/queries/')),
    )
    expect(picks.filter((file) => !/\bAS MATERIALIZED \(/.test(read(file)))).toEqual([])
  })

  test('has no notes to self and no paths of one machine', () => {
    // A class of one letter in each, so that the pattern does not find itself.
    expect(filesWith(/\b(?:TO ?D[O]|FIX[M]E|X[X]X|HA[C]K)\b/, written)).toEqual([])
    expect(filesWith(/(?:^|[\s'"`(=])\/(?:home|Users|work|root)\/[a-z]/m, written)).toEqual([])
  })

  test('reads the environment in one place', () => {
    // What belongs to the system or to Node is no setting of ours.
    const readers = filesWith(/process\.env\b(?!\.PATH\b|\['UV_THREADPOOL_SIZE'\])/)
    expect(readers.filter((file) => shelfOf(file) !== 'commands')).toEqual(['src/main.ts'])
  })
})

describe('every operation', () => {
  test.each(places)('%s has its file and its test', (place) => {
    expect(sources).toContain(`src/operations/${place}.ts`)
    expect(written).toContain(`test/operations/${place}.test.ts`)
  })

  test('exports the one function it is named after', () => {
    for (const place of places) {
      const exported = [...read(`src/operations/${place}.ts`).matchAll(/^export (?:async )?\w+ (\w+)/gm)]
      expect(exported.map(([, name]) => name)).toEqual([place.split('/')[1]])
    }
  })

  test('that is not a GET says what it writes down; a GET may', () => {
    const changing = operationIds.filter((id) => contract[id].method !== 'get')
    const silent = changing.filter((id) => (contract[id].audit as readonly string[]).length === 0)
    expect(silent).toEqual([])
  })
})

describe('migrations', () => {
  test('are numbered without gaps', () => {
    const names = filesIn('migrations')
      .map((file) => file.replace('migrations/', ''))
      .filter((name) => name !== 'schema.sql')
      .sort()
    const numbers = names.map((name) => /^(\d{4})_[a-z][a-z0-9_]*\.sql$/.exec(name)?.[1])
    expect(numbers).toEqual(names.map((_, index) => String(index + 1).padStart(4, '0')))
    expect(numbers).not.toHaveLength(0)
  })
})
