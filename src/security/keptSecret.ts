import { randomBytes, randomUUID } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { StartupError } from '../startupError.ts'

/** As many as JWT_SECRET needs (RFC 7518 section 3.2 for HS256). */
const fewestBytes = 32

/**
 * A signing secret for development: made once and kept in the data folder, so that a restart signs nobody out.
 * Production never gets here; it must be given its secret.
 */
export async function readKeptSecret(dataDir: string): Promise<string> {
  const file = join(dataDir, 'jwt-secret')
  try {
    await makeOnce(file, randomBytes(48).toString('base64'))
    const secret = await readFile(file, 'utf8')
    if (Buffer.byteLength(secret) >= fewestBytes) return secret
  } catch (error) {
    throw new StartupError(
      `Cannot keep a secret in the folder DATA_DIR (${dataDir}): it must be readable and writable.`,
      { cause: error },
    )
  }
  throw new StartupError(`The secret in ${file} is damaged: delete the file (everybody has to sign in anew).`)
}

/**
 * Keeps a secret in a file that only its owner may read; one that is there already stays. Under another name until whole:
 * of several instances that start at once one links it, and nobody reads a half.
 */
export async function makeOnce(file: string, secret: string): Promise<void> {
  const draft = `${file}.${randomUUID()}`
  try {
    await mkdir(dirname(file), { recursive: true })
    await writeFile(draft, secret, { mode: 0o600, flush: true })
    await link(draft, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await rm(draft, { force: true })
  }
}
