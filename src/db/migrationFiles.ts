import { createHash } from 'node:crypto'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { StartupError } from '../startupError.ts'

export const migrationsDirectory = fileURLToPath(new URL('../../migrations/', import.meta.url))

export interface Migration {
  number: number
  /** The file's name. */
  name: string
  sql: string
  /** SHA-256 of the file in hexadecimal, over LF line ends whatever a checkout made of them. */
  checksum: string
  /** False when the first line is `-- no-transaction`; such a file holds one statement that may be run twice. */
  transactional: boolean
}

export interface AppliedMigration {
  number: number
  name: string
  checksum: string
}

const fileName = /^(\d{4})_[a-z0-9_]+\.sql$/

export async function migrationNames(directory: string): Promise<string[]> {
  return (await readdir(directory)).filter((name) => fileName.test(name)).sort()
}

export async function readMigrations(directory: string): Promise<Migration[]> {
  const migrations = await Promise.all((await migrationNames(directory)).map((name) => readMigration(directory, name)))
  const twice = migrations.find((migration, index) => migrations[index - 1]?.number === migration.number)
  if (twice) throw new StartupError(`Two migrations have the number of ${twice.name}.`)
  return migrations
}

async function readMigration(directory: string, name: string): Promise<Migration> {
  const sql = (await readFile(join(directory, name), 'utf8')).replaceAll('\r\n', '\n')
  return {
    number: Number(name.slice(0, 4)),
    name,
    sql,
    checksum: createHash('sha256').update(sql).digest('hex'),
    transactional: !sql.startsWith('-- no-transaction\n'),
  }
}

/** The migrations still to run. Throws a StartupError when the history is not the beginning of what the code has. */
export function findPending(migrations: Migration[], applied: AppliedMigration[]): Migration[] {
  const known = new Map(migrations.map((migration) => [migration.number, migration]))
  const newest = migrations.at(-1)?.number ?? 0
  for (const { number, name, checksum } of applied) {
    const migration = known.get(number)
    if (!migration && number > newest) {
      throw new StartupError(`The database is newer than this release: it has ${name}; start a release that knows it.`)
    }
    if (migration?.name !== name) {
      throw new StartupError(`The migration ${name} was applied to the database but is missing from this release.`)
    }
    if (migration.checksum !== checksum) {
      throw new StartupError(`The migration ${name} was edited after it was applied; restore it and add a new one.`)
    }
  }
  const done = new Set(applied.map(({ number }) => number))
  return migrations.filter(({ number }) => !done.has(number))
}
