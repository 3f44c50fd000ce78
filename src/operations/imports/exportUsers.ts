import type { Context } from '../../context.ts'
import { inTransaction } from '../../db/transaction.ts'
import { audit } from '../../domain/audit.ts'
import { readAllUsers } from '../../domain/readAllUsers.ts'
import { demandStill, whileAllowed } from '../../domain/stillMay.ts'
import type { Input, Output } from '../../http/operation.ts'
import { exportText } from '../../views/userExport.ts'

export async function exportUsers(
  { query, accepts, actor, client }: Input<'exportUsers'>,
  { db }: Context,
): Promise<Output<'exportUsers'>> {
  await inTransaction(db, (tx) => {
    // A term may be somebody's name, and the event is nobody's, so that no erasure would reach it.
    const { q, ...filters } = query
    const values = { format: accepts, ...filters, ...(q === undefined ? {} : { is_search: true }) }
    const changes = Object.fromEntries(Object.entries(values).map(([name, after]) => [name, { after }]))
    return audit(tx, 'users.exported', { actor, client }, { changes })
  })
  const format = accepts === 'text/csv' ? 'csv' : 'ndjson'
  const users = whileAllowed(readAllUsers(db, query), () => demandStill(db, actor, 'exportUsers'))
  const stream = exportText(users, { format, deleted: query.deleted })
  return { status: 200, mediaType: accepts, stream }
}
