import type { Context } from '../../context.ts'
import type { Db } from '../../db/database.ts'
import { inTransaction } from '../../db/transaction.ts'
import { audit } from '../../domain/audit.ts'
import { readAllUsers } from '../../domain/readAllUsers.ts'
import { demandStill } from '../../domain/stillMay.ts'
import type { Input, Output } from '../../http/operation.ts'
import type { UserFilters } from '../../queries/userFilters.ts'
import type { UserRow } from '../../queries/users.ts'
import type { Actor } from '../../security/actor.ts'
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
  const stream = exportText(readWhileAllowed(db, query, actor), { format, deleted: query.deleted })
  return { status: 200, mediaType: accepts, stream }
}

/** A reader may take hours. What is read once the session or the right has ended goes to nobody: the stream breaks off. */
async function* readWhileAllowed(db: Db, filters: UserFilters, actor: Actor): AsyncGenerator<UserRow[]> {
  for await (const users of readAllUsers(db, filters)) {
    await demandStill(db, actor, 'exportUsers')
    yield users
  }
}
