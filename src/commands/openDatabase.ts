import type { Config } from '../config.ts'
import { DataDirInUse, startEmbeddedPostgres, type EmbeddedPostgres } from '../db/embedded.ts'
import { migrate } from '../db/migrate.ts'
import { CommandError } from './runCommand.ts'

interface OpenedDatabase {
  url: string
  /** The migrations that had been pending, by name. */
  applied: string[]
  close: () => Promise<void>
}

/**
 * The database of the configuration, up to date: the one of DATABASE_URL, or the embedded one, which runs until it is
 * closed. Throws a CommandError where the service itself is running on the embedded one.
 */
export async function openDatabase(
  { app, database }: Config,
  options: { isRestored?: boolean } = {},
): Promise<OpenedDatabase> {
  const embedded = database.url === undefined ? await startEmbedded(app.dataDir) : undefined
  const close = async (): Promise<void> => embedded?.stop()
  const url = database.url ?? embedded?.url ?? ''
  try {
    return { url, applied: await migrate(database.migrationUrl ?? url, options), close }
  } catch (error) {
    await close()
    throw error
  }
}

async function startEmbedded(dataDir: string): Promise<EmbeddedPostgres> {
  try {
    return await startEmbeddedPostgres(dataDir)
  } catch (error) {
    if (!(error instanceof DataDirInUse)) throw error
    throw new CommandError(
      `The service is running on the embedded database in ${dataDir}: stop it, run this again, and start it anew.`,
      { cause: error },
    )
  }
}
