import { readFileSync } from 'node:fs'

/** A secret added to every password before hashing, kept outside the database, and the id stored beside the hash. */
export interface Pepper {
  /** 1 to 8 of letters, digits, `_` and `-`: eight bytes are what an Argon2 hash string has room for. */
  id: string
  key: Buffer
}

/**
 * The key ring in a file: a line `<id>:<base64 of at least 32 random bytes>` for each pepper, the current one first;
 * blank lines and lines starting with `#` are skipped. To rotate, put the new pepper on top and keep the old one until
 * no hash names it. Throws an `Error` that names the line and never its content.
 */
export function readPepperFile(path: string): Pepper[] {
  const peppers: Pepper[] = []
  for (const [index, line] of readText(path).split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue
    const pepper = parseLine(line.trim())
    const place = `line ${index + 1} of the pepper file ${path}`
    if (!pepper) throw new Error(`${place} is not <id>:<base64 of at least 32 bytes>`)
    if (peppers.some(({ id }) => id === pepper.id)) throw new Error(`${place} has the id of an earlier line`)
    peppers.push(pepper)
  }
  if (peppers.length === 0) throw new Error(`The pepper file ${path} has no pepper in it`)
  return peppers
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new Error(`The pepper file ${path} cannot be read (${(error as NodeJS.ErrnoException).code})`, {
      cause: error,
    })
  }
}

function parseLine(line: string): Pepper | undefined {
  const [, id, encoded] = /^([A-Za-z0-9_-]{1,8}):([A-Za-z0-9+/]+=*)$/.exec(line) ?? []
  const key = Buffer.from(encoded ?? '', 'base64')
  return id !== undefined && key.length >= 32 ? { id, key } : undefined
}
