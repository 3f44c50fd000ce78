import { readFileSync } from 'node:fs'

/** A secret kept outside the database, and the id by which stored hashes name it. */
export interface NamedSecret {
  id: string
  key: Buffer
}

interface Kind {
  /** What the file is called in messages. */
  name: string
  /** Characters of an id. */
  longestId: number
}

const leastBytes = 32

/**
 * A file with a line `<id>:<base64 of at least 32 bytes>` for each secret, in their order; an id has letters, digits, `_`
 * and `-`; blank lines and lines starting with `#` are skipped. Throws an `Error` that names the line and never its content.
 */
export function readSecretFile(path: string, { name, longestId }: Kind): NamedSecret[] {
  const secrets: NamedSecret[] = []
  for (const [index, line] of readText(path, name).split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue
    const secret = parseLine(line.trim())
    const place = `line ${index + 1} of the ${name} file ${path}`
    if (!secret || secret.id.length > longestId) {
      throw new Error(`${place} is not <id>:<base64 of at least ${leastBytes} bytes>`)
    }
    if (secrets.some(({ id }) => id === secret.id)) throw new Error(`${place} has the id of an earlier line`)
    secrets.push(secret)
  }
  if (secrets.length === 0) throw new Error(`The ${name} file ${path} has no ${name} in it`)
  return secrets
}

function readText(path: string, name: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new Error(`The ${name} file ${path} cannot be read (${(error as NodeJS.ErrnoException).code})`, {
      cause: error,
    })
  }
}

function parseLine(line: string): NamedSecret | undefined {
  const [, id, encoded] = /^([A-Za-z0-9_-]+):([A-Za-z0-9+/]+=*)$/.exec(line) ?? []
  const key = Buffer.from(encoded ?? '', 'base64')
  return id !== undefined && key.length >= leastBytes ? { id, key } : undefined
}
