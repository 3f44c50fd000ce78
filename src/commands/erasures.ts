// `npm run erasures -- export FILE`: writes the ledger of erasures to a file, to be kept apart from the backups.
// `npm run erasures -- reapply [FILE]`: after a backup was restored, erases again whom it brought back: those in the
// ledger of the database and, where a file is named, those in that. `npm run restored` does this and all else.
import { connect, type Db } from '../db/database.ts'
import { inBatches } from '../db/batches.ts'
import { listErasures, type ErasureRow } from '../queries/erasures.ts'
import { addReceipts, eraseReturned } from './eraseReturned.ts'
import { openDatabase } from './openDatabase.ts'
import { receiptLine } from './receiptFile.ts'
import { replaceFile } from './replaceFile.ts'
import { CommandError, loadConfig, runCommand } from './runCommand.ts'

const usage = 'Usage: npm run erasures -- export FILE | reapply [FILE]'

await runCommand(async () => {
  const [act, file, ...rest] = process.argv.slice(2)
  if (rest.length > 0) throw new CommandError(usage)
  if (act === 'export' && file !== undefined) await inDatabase((db) => exportLedger(db, file))
  else if (act === 'reapply') await inDatabase((db) => reapply(db, file))
  else throw new CommandError(usage)
})

async function inDatabase(work: (db: Db) => Promise<void>): Promise<void> {
  const config = loadConfig()
  const { url, close } = await openDatabase(config)
  const { db, pool } = connect(url, { applicationName: config.app.name, poolSize: 2 })
  try {
    await work(db)
  } finally {
    await pool.end()
    await close()
  }
}

async function exportLedger(db: Db, file: string): Promise<void> {
  let count = 0
  async function* lines(): AsyncGenerator<string> {
    const read = ({ after, limit }: { after: ErasureRow | undefined; limit: number }) =>
      listErasures(db, { afterUserId: after?.user_id, limit })
    for await (const receipts of inBatches(read)) {
      count += receipts.length
      yield receipts.map(receiptLine).join('')
    }
  }
  await replaceFile(file, () => Promise.resolve(lines()))
  console.log(`${count} receipts were written to ${file}.`)
}

async function reapply(db: Db, file: string | undefined): Promise<void> {
  if (file !== undefined) await addReceipts(db, file)
  await eraseReturned(db)
}
