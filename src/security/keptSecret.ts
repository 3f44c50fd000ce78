import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StartupError } from '../startupError.ts'

/**
 * A signing secret for development: made once and kept in the data folder, so that a restart signs nobody out.
 * Production never gets here; it must be given its secret.
 */
export async function readKeptSecret(dataDir: string): Promise<string> {
  const file = join(dataDir, 'jwt-secret')
  try {
    await mkdir(dataDir, { recursive: true })
    // `wx` fails where the file exists: of two instances that start at once one writes, both read.
    await writeFile(file, randomBytes(48).toString('base64'), { flag: 'wx', mode: 0o600 }).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    })
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new StartupError(
      `Cannot keep a secret in the folder DATA_DIR (${dataDir}): it must be readable and writable.`,
      { cause: error },
    )
  }
}
