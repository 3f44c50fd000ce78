/**
 * Fills in what the documents list and code decides: `npm run docs`. With `--check` it writes nothing and exits with 1
 * when a document is behind. A list stands between `<!-- name -->` and `<!-- end of name -->`.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { format, resolveConfig } from 'prettier'
import { exampleFile, settingsTable } from '../src/config/document.ts'
import { metricsTable } from './generator/metrics.ts'
import { operationTable } from './generator/operations.ts'
import { permissionTable } from './generator/permissions.ts'
import { problemTable } from './generator/problems.ts'
import { tableDiagram } from './generator/tables.ts'

const lists: Record<string, Record<string, string>> = {
  'README.md': { settings: settingsTable() },
  'docs/API_DOCUMENTATION.md': {
    operations: operationTable(),
    permissions: permissionTable(),
    problems: problemTable(),
  },
  'docs/operations.md': { metrics: metricsTable() },
  'docs/DATABASE_SCHEMA.md': { tables: tableDiagram(readFileSync('migrations/schema.sql', 'utf8')) },
}

/** The document with each of its lists replaced; throws where a list has no place in it. */
function fillIn(file: string, text: string): string {
  return Object.entries(lists[file] ?? {}).reduce((document, [name, list]) => {
    const place = new RegExp(`(<!-- ${name} -->\n)[^]*?(<!-- end of ${name} -->)`)
    if (!place.test(document)) throw new Error(`${file} has no place for ${name}: add <!-- ${name} --> and its end.`)
    return document.replace(place, (_, start: string, end: string) => `${start}\n${list}\n${end}`)
  }, text)
}

const current = (file: string) => readFileSync(file, 'utf8')
const options = { ...(await resolveConfig('README.md')), parser: 'markdown' }
const files: Record<string, string> = { '.env.example': exampleFile() }
for (const file of Object.keys(lists)) files[file] = await format(fillIn(file, current(file)), options)

const stale = Object.entries(files).filter(([file, text]) => current(file) !== text)
if (process.argv.includes('--check')) {
  for (const [file] of stale) console.error(`${file} is behind the code: run "npm run docs" and commit the result.`)
  process.exit(stale.length > 0 ? 1 : 0)
}
for (const [file, text] of stale) writeFileSync(file, text)
console.log(stale.length > 0 ? `written: ${stale.map(([file]) => file).join(', ')}` : 'the documents are up to date')
