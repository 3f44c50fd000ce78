// `npm run restored -- [--erasures FILE]`: to be run after a backup was restored, before the service takes traffic. Erases
// again whom the backup brought back, ends every session and import, voids what was mailed, records the restore in the
// audit trail and seals it. May be repeated, and has to be when it was cut off: only its event says that all was done.
import { parseArgs } from 'node:util'
import type { Config } from '../config.ts'
import { connect } from '../db/database.ts'
import { recordRestore, type RestoreRecord } from '../jobs/recordRestore.ts'
import { sealAudit } from '../jobs/sealAudit.ts'
import { createLogger } from '../platform/logger.ts'
import { openKeys } from '../startup/openKeys.ts'
import { openSealKey } from '../startup/openSealKey.ts'
import { addReceipts, eraseReturned } from './eraseReturned.ts'
import { openDatabase } from './openDatabase.ts'
import { CommandError, loadConfig, runCommand } from './runCommand.ts'

const usage = 'Usage: npm run restored -- [--erasures FILE]'
const withoutFile =
  'No file of erasures was given: who was erased after this backup was made is there again. See "npm run erasures".'
const otherKey =
  'The seals of the backup were signed with another key than AUDIT_SEAL_KEY_FILE has now: unless you replaced it since, put the one of then back.'

await runCommand(async () => {
  const file = readFileName(process.argv.slice(2))
  const config = loadConfig()
  // Before anything is changed: what is wrong with the key is mended first.
  const sealKey = await openSealKey(config, await openKeys(config))
  const { url, close } = await openDatabase(config, { isRestored: true })
  const { db, pool } = connect(url, { applicationName: 'restored', poolSize: 2, isPatient: true })
  try {
    if (file !== undefined) await addReceipts(db, file)
    const record = await recordRestore(db, await eraseReturned(db))
    describe(record)
    if (record.seal && record.seal.keyId !== sealKey.key.id) console.error(otherKey)
    await sealAudit({ db, logger: openLog(config), sealKey: () => Promise.resolve(sealKey) })
    if (file === undefined) console.error(withoutFile)
  } finally {
    await pool.end()
    await close()
  }
})

function describe({ voided, seal }: RestoreRecord): void {
  for (const [kind, count] of Object.entries(voided)) console.log(`${kind} made void: ${count}`)
  if (seal) console.log(`The backup has the trail up to seal ${seal.number} ${seal.hash}.`)
  else console.log('The backup has no seals.')
}

/** Lines of the log, so that the heads of the first seals are kept as any others are. */
function openLog({ app }: Config) {
  return createLogger({ level: 'info', name: app.name }, { write: (line) => void process.stdout.write(line) })
}

function readFileName(args: string[]): string | undefined {
  try {
    return parseArgs({ args, options: { erasures: { type: 'string' } } }).values.erasures
  } catch (cause) {
    throw new CommandError(usage, { cause })
  }
}
