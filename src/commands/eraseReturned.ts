import type { Db } from '../db/database.ts'
import { reapplyErasures } from '../jobs/reapplyErasures.ts'
import { addErasures } from '../queries/erasures.ts'
import { readReceipts } from './receiptFile.ts'

/** Takes the receipts of a file into the ledger, and says how many were new. */
export async function addReceipts(db: Db, file: string): Promise<void> {
  // The whole file is looked at before any of it counts.
  for await (const receipts of readReceipts(file)) void receipts
  let added = 0
  for await (const receipts of readReceipts(file)) added += await addErasures(db, receipts)
  console.log(`${added} receipts of ${file} were not in the database.`)
}

/** Erases again whom the ledger names and a backup brought back, says who, and answers how many. */
export async function eraseReturned(db: Db): Promise<number> {
  const again = await reapplyErasures(db)
  for (const id of again) console.log(`erased again: ${id}`)
  console.log(again.length === 0 ? 'Nobody who was erased is there.' : `${again.length} users were erased again.`)
  return again.length
}
