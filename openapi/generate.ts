/**
 * Makes `generated/` from the hand-written contract: `npm run generate`.
 * With `--check` it writes nothing and exits with 1 when a file is missing or stale.
 */
import { readFileSync, writeFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import openapiTypescript, { astToString } from 'openapi-typescript'
import { format } from 'prettier'
import { contractSource } from './generator/contract.ts'
import { handlersSource } from './generator/handlers.ts'
import type { Document } from './generator/document.ts'

const banner = '// Made from openapi/ by `npm run generate`. Do not edit.\n'

/** The contract in one file, every `$ref` local: what the validator, Swagger UI, Prism and SDK generators read. */
function bundle(extension: 'json' | 'yaml'): string {
  const folder = mkdtempSync(join(tmpdir(), 'contract-'))
  const file = join(folder, `openapi.${extension}`)
  const redocly = join('node_modules', '@redocly', 'cli', 'bin', 'cli.js')
  const { status, stderr } = spawnSync(process.execPath, [redocly, 'bundle', 'main', '-o', file], { encoding: 'utf8' })
  const text = status === 0 ? readFileSync(file, 'utf8') : undefined
  rmSync(folder, { recursive: true })
  if (text !== undefined) return text
  console.error(stderr)
  process.exit(1)
}

async function typescript(source: string): Promise<string> {
  return format(banner + source, { parser: 'typescript', semi: false, singleQuote: true, printWidth: 120 })
}

const json = bundle('json')
const document = JSON.parse(json) as Document
const types = astToString(await openapiTypescript(json, { alphabetize: false, defaultNonNullable: false }))
const files: Record<string, string> = {
  'generated/openapi.json': json,
  'generated/openapi.yaml': `# Made from openapi/ by \`npm run generate\`. Do not edit.\n${bundle('yaml')}`,
  'generated/openapi.ts': await typescript(types),
  'generated/contract.ts': await typescript(contractSource(document)),
  'generated/handlers.ts': await typescript(handlersSource(document)),
}

const stale = Object.entries(files).filter(([name, text]) => !existsSync(name) || readFileSync(name, 'utf8') !== text)
if (process.argv.includes('--check')) {
  for (const [name] of stale) console.error(`${name} is stale: run "npm run generate" and commit the result.`)
  process.exit(stale.length > 0 ? 1 : 0)
}
for (const [name, text] of stale) writeFileSync(name, text)
console.log(stale.length > 0 ? `written: ${stale.map(([name]) => name).join(', ')}` : 'generated/ is up to date')
