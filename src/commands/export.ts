// `npm run export -- [--format ndjson|csv] [--role ROLE] [--active true|false] > FILE`: does what GET /v1/user-exports
// does, on the database itself.
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { v7 as uuidv7 } from 'uuid'
import { inTransaction } from '../db/transaction.ts'
import { audit } from '../domain/audit.ts'
import { readAllUsers } from '../domain/readAllUsers.ts'
import { exportText } from '../views/userExport.ts'
import { inDatabase } from './inDatabase.ts'
import { oneOf, readOptions } from './readOptions.ts'
import { loadConfig, runCommand } from './runCommand.ts'

const usage =
  'Usage: npm run -s export -- [--format ndjson|csv] [--role user|moderator|admin] [--active true|false] > FILE'

await runCommand(async () => {
  const { format, filters } = readExportOptions(process.argv.slice(2))
  await inDatabase(loadConfig(), async ({ db }) => {
    const client = { ip: '127.0.0.1', userAgent: 'npm run export', requestId: uuidv7(), traceId: undefined }
    const changes = Object.fromEntries(Object.entries({ format, ...filters }).map(([name, after]) => [name, { after }]))
    await inTransaction(db, (tx) => audit(tx, 'users.exported', { actor: undefined, client }, { changes }))
    await pipeline(Readable.from(exportText(readAllUsers(db, filters), format)), process.stdout, { end: false })
  })
})

function readExportOptions(args: string[]) {
  const options = {
    format: { type: 'string', default: 'ndjson' },
    role: { type: 'string' },
    active: { type: 'string' },
  } as const
  const { format, role, active } = readOptions({ args, options }, usage).values
  const filters = {
    role: role === undefined ? undefined : oneOf('role', role, ['user', 'moderator', 'admin']),
    is_active: active === undefined ? undefined : oneOf('active', active, ['true', 'false']) === 'true',
  }
  return { format: oneOf('format', format, ['ndjson', 'csv']), filters }
}
