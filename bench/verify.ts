import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import pg from 'pg'
import { connect } from '../src/db/database.ts'
import { migrate } from '../src/db/migrate.ts'
import { sealAudit } from '../src/jobs/sealAudit.ts'
import { createLogger } from '../src/platform/logger.ts'
import { createSealKeyPem, readSealKey } from '../src/security/sealKey.ts'
import { addDatabase } from './addDatabase.ts'
import type { Setup } from './servers.ts'
import type { Outcome, Stage } from './stage.ts'
import { spreadOf } from './statistics.ts'
import { cell, table } from './table.ts'

/** Events a second. */
const least = 50_000
const events = 500_000
const times = 5

const fill = `INSERT INTO audit_events (id, action, actor_id, actor_role, subject_id, changes, personal_changes, personal_origin, request_id)
  SELECT gen_random_uuid(), 'user.updated', gen_random_uuid(), 'admin', gen_random_uuid(), '{"last_name": {}, "role": {"before": "user", "after": "moderator"}}',
    decode(repeat(md5(n::text), 5), 'hex'), decode(repeat(md5(n::text), 6), 'hex'), gen_random_uuid()
  FROM generate_series(1, $1::int) n`

export async function runVerify({ setup }: Stage): Promise<Outcome> {
  const rates = await measureVerify(setup)
  return {
    table: table(
      [`\`npm run audit:verify\` (${times} times)`, 'events a second'],
      [`**${events} events** (at least ${least})`, `**${cell(rates, 0)}**`],
    ),
    isWithinLimits: spreadOf(rates).median >= least,
  }
}

/** Events a second of the whole command, its start included. */
async function measureVerify(setup: Setup): Promise<number[]> {
  const { databaseUrl, folder } = await addDatabase(setup)
  await migrate(databaseUrl)
  const pem = createSealKeyPem()
  const file = join(folder, 'seal.pem')
  writeFileSync(file, pem, { mode: 0o600 })
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  await client.query(fill, [events])
  await client.end()
  await seal(databaseUrl, pem)
  const command = fileURLToPath(new URL('../src/commands/auditVerify.ts', import.meta.url))
  const env = { DATABASE_URL: databaseUrl, JWT_SECRET: setup.secret, AUDIT_SEAL_KEY_FILE: file, DATA_DIR: folder }
  const rates: number[] = []
  for (let round = 0; round < times; round += 1) {
    const start = performance.now()
    await promisify(execFile)(process.execPath, [command], { env })
    rates.push(events / ((performance.now() - start) / 1000))
  }
  return rates
}

async function seal(databaseUrl: string, pem: string): Promise<void> {
  const { db, pool } = connect(databaseUrl, { applicationName: 'bench', poolSize: 1 })
  const logger = createLogger({ level: 'silent', name: 'bench' })
  const key = { key: readSealKey(pem)!, derived: [], isDerived: false }
  await sealAudit({ db, logger, sealKey: () => Promise.resolve(key) })
  await pool.end()
}
