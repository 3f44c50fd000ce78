// `npm run import -- FILE`: does what POST /v1/user-imports does, on the database itself. Exits with 0 where every row went
// well, 2 where some failed, 1 where all of it did, 130 where it was interrupted.
import { createReadStream } from 'node:fs'
import { addAbortSignal } from 'node:stream'
import { v7 as uuidv7 } from 'uuid'
import type { Context } from '../context.ts'
import { inTransaction } from '../db/transaction.ts'
import { audit, type Origin } from '../domain/audit.ts'
import { beginImport } from '../domain/userImport/beginImport.ts'
import { receiveFile, superseded } from '../domain/userImport/receiveFile.ts'
import { completeUpload, endImport, findImport, type ImportRow } from '../queries/userImports.ts'
import { finishImport } from './finishImport.ts'
import { readImportOptions, type ImportOptions } from './importOptions.ts'
import { inDatabase } from './inDatabase.ts'
import { CommandError, loadConfig, runCommand } from './runCommand.ts'

await runCommand(async () => {
  const options = readImportOptions(process.argv.slice(2))
  const interrupted = new AbortController()
  process.once('SIGINT', () => interrupted.abort())
  process.exitCode = await inDatabase(loadConfig(), async (context) => {
    const file =
      'resume' in options ? await findBegun(context, options.resume) : await begin(context, options, interrupted.signal)
    return file ? finishImport(context, file, interrupted.signal) : 130
  })
})

async function findBegun({ db }: Context, id: string): Promise<ImportRow> {
  const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)
  const file = isId ? await findImport(db, id) : undefined
  if (!file || file.status === 'receiving') throw new CommandError('There is no such import to go on with.')
  return file
}

/** Brings the file into the database; undefined where that was interrupted. */
async function begin({ db }: Context, options: ImportOptions, signal: AbortSignal): Promise<ImportRow | undefined> {
  const client = { ip: '127.0.0.1', userAgent: 'npm run import', requestId: uuidv7(), traceId: undefined }
  const origin: Origin = { actor: undefined, client }
  const begun = await inTransaction(db, (tx) => beginImport(tx, { ...options, key: undefined }, origin))
  const upload = { id: begun.id, holderId: begun.upload_id }
  try {
    const sha256 = await receiveFile(db, upload, bytesOf(options.file, signal))
    return await inTransaction(db, async (tx) => {
      const file = await completeUpload(tx, upload, sha256)
      if (!file) throw superseded()
      const changes = {
        import_id: { after: file.id },
        format: { after: file.format },
        dry_run: { after: file.dry_run },
      }
      await audit(tx, 'users.import-requested', origin, { changes })
      return file
    })
  } catch (error) {
    await inTransaction(db, (tx) => endImport(tx, begun.id, { status: 'cancelled' }))
    if (!signal.aborted) throw explain(error)
    console.error('Interrupted while the file was read: nobody was imported.')
    return undefined
  }
}

function bytesOf(file: string, signal: AbortSignal): AsyncIterable<Buffer> {
  return file === '-' ? addAbortSignal(signal, process.stdin) : createReadStream(file, { signal })
}

function explain(error: unknown): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException
  return syscall === undefined ? error : new CommandError(`The file cannot be read (${code}).`, { cause: error })
}
