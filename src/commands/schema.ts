// Writes migrations/schema.sql, what the migrations add up to. With DATABASE_URL there, in a database that may be
// migrated; else in an embedded PostgreSQL made for the purpose. `--print` shows it instead.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { startEmbeddedPostgres } from '../db/embedded.ts'
import { migrate } from '../db/migrate.ts'
import { migrationsDirectory } from '../db/migrationFiles.ts'
import { dumpSchema } from '../db/schemaDump.ts'

async function readSchema(url: string): Promise<string> {
  await migrate(url)
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await dumpSchema(client)
  } finally {
    await client.end()
  }
}

async function readEmbeddedSchema(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'user-management-schema-'))
  try {
    const server = await startEmbeddedPostgres(folder)
    return await readSchema(server.url).finally(() => server.stop())
  } finally {
    await rm(folder, { recursive: true })
  }
}

const url = process.env.DATABASE_URL
const schema = await (url ? readSchema(url) : readEmbeddedSchema())
if (process.argv.includes('--print')) process.stdout.write(schema)
else await writeFile(join(migrationsDirectory, 'schema.sql'), schema)
