import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { contract, jobAudit } from '../generated/contract.ts'
import manifest from '../package.json' with { type: 'json' }
import { describeConfig } from '../src/config/document.ts'
import { filesIn, read } from './architecture/sources.ts'
import { operationIds } from './support/contract.ts'

const root = join(import.meta.dirname, '..')
const records = filesIn('docs/adr').sort()
const documents = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', ...filesIn('docs')]
const text = documents.map(read).join('\n')
const api = read('docs/API_DOCUMENTATION.md')
const schema = read('docs/DATABASE_SCHEMA.md')

const found = (pattern: RegExp, inside = text) => [...inside.matchAll(pattern)].map(([, first = '']) => first)

/** The rows of the one table that begins with this column, each as its cells. */
function tableOf(column: string): string[][] {
  const [, table = ''] = new RegExp(`^\\| ${column} .*\\n\\|[ |-]+\\n((?:\\|.*\\n)+)`, 'm').exec(api) ?? []
  const rows = table.trimEnd().split('\n')
  return rows.map((row) => row.split('|').slice(1, -1)).map((cells) => cells.map((cell) => cell.trim()))
}

describe('the page of the API', () => {
  test('has every class of limits', () => {
    const classes = new Set(operationIds.map((id) => contract[id].rateLimit).filter((each) => each !== 'none'))
    expect(
      tableOf('class')
        .map(([name]) => name)
        .sort(),
    ).toEqual([...classes].sort())
  })
})

describe('the page of the database', () => {
  test('explains every table', () => {
    const names = found(/^CREATE TABLE (\w+) /gm, read('migrations/schema.sql')).sort()
    expect(names.length).toBeGreaterThan(5)
    expect(found(/^ {2}(\w+) \{/gm, schema).sort()).toEqual(names)
    expect(found(/^- \*\*(\w+)\.\*\*/gm, schema).sort()).toEqual(names)
  })
})

test('the guide has a place for every folder', () => {
  const folders = new Set(filesIn('src').flatMap((file) => file.split('/').slice(1, -1).slice(0, 1)))
  const explained = found(/^\| `src\/([a-z]+)\//gm, read('docs/DEVELOPER_GUIDE.md'))
  expect(explained.sort()).toEqual([...folders].sort())
})

describe('all documents', () => {
  test('name variables that there are', () => {
    const settings = describeConfig().flatMap(({ name, meaning }) => [
      name,
      ...(meaning.match(/\b[A-Z_]+_FILE\b/g) ?? []),
    ])
    const prefixes = new Set(settings.map((name) => name.split('_')[0]))
    const named = found(/\b([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\b/g).filter((name) => prefixes.has(name.split('_')[0]))
    expect(named.length).toBeGreaterThan(settings.length)
    // The titles of pages.
    const pages = ['DATABASE_SCHEMA', 'AUDIT_PROOF']
    expect([...new Set(named)].filter((name) => !settings.includes(name) && !pages.includes(name))).toEqual([])
  })

  test('name audit events that there are', () => {
    const actions: readonly string[] = [...operationIds.flatMap((id) => [...contract[id].audit]), ...jobAudit]
    const kinds = new Set(actions.map((action) => action.split('.')[0]))
    const named = found(/`([a-z]+\.[a-z]+(?:-[a-z]+)*)`/g).filter((name) => kinds.has(name.split('.')[0]))
    expect(named.length).toBeGreaterThan(5)
    expect([...new Set(named)].filter((name) => !actions.includes(name))).toEqual([])
  })

  test('name commands that there are', () => {
    const named = found(/\bnpm run (?:-s )?([a-z][a-z:-]*[a-z])/g)
    expect(named).toContain('keys')
    expect([...new Set(named)].filter((name) => !(name in manifest.scripts))).toEqual([])
  })

  test('name files that there are', () => {
    // The README's example of a new operation, and a pattern.
    const imagined = /confirmUserEmail|NNNN/
    const named = found(/`((?:src|test|openapi|generated|migrations|bench|docs|deploy)\/[A-Za-z0-9_./-]*)`/g)
    expect(named.length).toBeGreaterThan(50)
    expect([...new Set(named)].filter((file) => !imagined.test(file) && !existsSync(join(root, file)))).toEqual([])
  })

  test('link to what is there', () => {
    const stray = documents.flatMap((file) =>
      found(/\]\((?!https?:|#)([^)#]+)/g, read(file)).filter((link) => !existsSync(join(root, file, '..', link))),
    )
    expect(stray).toEqual([])
  })

  test('number the decisions without gaps, each under its own number', () => {
    const numbers = records.map((file) => /\/(\d{4})-[a-z0-9-]+\.md$/.exec(file)?.[1])
    expect(numbers).toEqual(records.map((_, index) => String(index + 1).padStart(4, '0')))
    expect(records.map((file) => /^# (\d{4}): /.exec(read(file))?.[1])).toEqual(numbers)
  })
})
