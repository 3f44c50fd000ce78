// Stands in for curl where a machine has none, with the few options that the README uses.
import { parseArgs } from 'node:util'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    request: { type: 'string', short: 'X' },
    header: { type: 'string', short: 'H', multiple: true },
    data: { type: 'string', short: 'd' },
    silent: { type: 'boolean', short: 's' },
    output: { type: 'string', short: 'o' },
    'write-out': { type: 'string', short: 'w' },
  },
})
const headers = (values.header ?? []).map((line) => line.split(/: */, 2) as [string, string])
const method = values.request ?? (values.data === undefined ? 'GET' : 'POST')
const response = await fetch(positionals[0] ?? '', { method, headers, body: values.data ?? null })
const body = await response.text()
if (values.output === undefined) process.stdout.write(body)
const writeOut = values['write-out'] ?? ''
process.stdout.write(writeOut.replace('%{http_code}', String(response.status)).replaceAll('\\n', '\n'))
