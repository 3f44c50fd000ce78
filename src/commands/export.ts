// `npm run -s export -- [--format ndjson|csv] [filters] > FILE`: does what GET /v1/user-exports does, on the database
// itself.
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { v7 as uuidv7 } from 'uuid'
import type { Db } from '../db/database.ts'
import { inTransaction } from '../db/transaction.ts'
import { audit } from '../domain/audit.ts'
import { readAllUsers } from '../domain/readAllUsers.ts'
import type { UserFilters } from '../queries/userFilters.ts'
import type { UserRow } from '../queries/users.ts'
import { exportText } from '../views/userExport.ts'
import { readExportOptions } from './exportOptions.ts'
import { inDatabase } from './inDatabase.ts'
import { createProgressLine } from './progressLine.ts'
import { loadConfig, runCommand } from './runCommand.ts'

await runCommand(async () => {
  const { format, filters } = readExportOptions(process.argv.slice(2))
  await inDatabase(loadConfig(), async ({ db }) => {
    const client = { ip: '127.0.0.1', userAgent: 'npm run export', requestId: uuidv7(), traceId: undefined }
    // What is searched for may be somebody's name, which the trail of nobody must not keep.
    const { q, ...others } = filters
    const values = { format, ...others, is_search: q === undefined ? undefined : true }
    const changes = Object.fromEntries(Object.entries(values).map(([name, after]) => [name, { after }]))
    await inTransaction(db, (tx) => audit(tx, 'users.exported', { actor: undefined, client }, { changes }))
    const text = exportText(readWithProgress(db, filters), { format, deleted: filters.deleted })
    await pipeline(Readable.from(text), process.stdout, { end: false })
  })
})

/** On standard error, since the users themselves go to standard output. How many there will be nobody knows. */
async function* readWithProgress(db: Db, filters: UserFilters): AsyncGenerator<UserRow[]> {
  const progress = createProgressLine(process.stderr)
  let count = 0
  for await (const rows of readAllUsers(db, filters)) {
    yield rows
    count += rows.length
    progress.show({ what: 'exported', share: undefined, count })
  }
  progress.end()
  process.stderr.write(`${count} users exported.\n`)
}
