import type { Context } from '../../context.ts'
import type { Input, Output } from '../../http/operation.ts'
import { Problem } from '../../problem.ts'
import { findImport } from '../../queries/userImports.ts'
import { toUserImport } from '../../views/userImport.ts'

export async function getUserImport(
  { path }: Input<'getUserImport'>,
  { db }: Context,
): Promise<Output<'getUserImport'>> {
  const file = await findImport(db, path.import_id)
  if (!file) throw new Problem('not-found')
  return { status: 200, body: toUserImport(file) }
}
