import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
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
import { post } from './client.ts'
import { keepBusy } from './closedLoop.ts'
import { measured, takeTurns, type Round } from './round.ts'
import { signIn, startService, type Setup } from './servers.ts'
import type { Outcome, Stage } from './stage.ts'
import { spreadOf } from './statistics.ts'
import { cell, table } from './table.ts'

/** Of the creates a second without a sealer so many remain with one, and so many events a second are verified. */
const least = { ratio: 0.95, verified: 50_000 }
const clients = 8
const verifiedEvents = 500_000
const warmUpRequests = 300

const fill = `INSERT INTO audit_events (id, action, actor_id, actor_role, subject_id, changes, personal_changes, personal_origin, request_id)
  SELECT gen_random_uuid(), 'user.updated', gen_random_uuid(), 'admin', gen_random_uuid(), '{"last_name": {}, "role": {"before": "user", "after": "moderator"}}',
    decode(repeat(md5(n::text), 5), 'hex'), decode(repeat(md5(n::text), 6), 'hex'), gen_random_uuid()
  FROM generate_series(1, $1::int) n`

export async function runAudit(stage: Stage): Promise<Outcome> {
  const pair = await measureCreates(stage)
  const rates = pair.map(({ rounds }) => rounds.map(({ requestsPerSecond }) => requestsPerSecond))
  const ratios = (rates[0] ?? []).map((rate, round) => rate / (rates[1]?.[round] ?? NaN))
  const verified = await measureVerify(stage.setup)
  return {
    table: table(
      [`\`POST /v1/users\` (${ratios.length} rounds)`, 'a second'],
      ...pair.map(({ name }, index) => [name, cell(rates[index] ?? [], 1)]),
      [`**ratio** (at least ${least.ratio})`, `**${cell(ratios, 3)}**`],
      [
        `**\`npm run audit:verify\`**, ${verifiedEvents} events (at least ${least.verified})`,
        `**${cell(verified, 0)}**`,
      ],
    ),
    isWithinLimits: spreadOf(ratios).median >= least.ratio && spreadOf(verified).median >= least.verified,
  }
}

/** Sealing each second, ten times as often as by default, and never during the measurement. */
async function measureCreates(stage: Stage) {
  const turns = await Promise.all(
    ['1', '3600'].map(async (seconds) => {
      const setup = await addDatabase(stage.setup)
      const env = { AUDIT_SEAL_SECONDS: seconds, RATE_LIMIT_WRITES_PER_HOUR: '1000000000' }
      const service = await stage.keep(startService(setup, { env }))
      const token = await signIn(service)
      return () => measured(service, () => keepBusy(clients, stage.seconds, () => create(service.base, token)))
    }),
  )
  const [sealing, idle] = turns as [() => Promise<Round>, () => Promise<Round>]
  for (const turn of [sealing, idle]) for (let count = 0; count < warmUpRequests; count += (await turn()).requests);
  return takeTurns(stage.rounds, [sealing, idle], ['sealing every second', 'not sealing'])
}

async function create(base: string, token: string): Promise<void> {
  const username = randomBytes(8).toString('hex')
  const body = { username, email: `${username}@example.com`, password: `${username} is no secret` }
  const { status } = await post(`${base}/v1/users`, body, { authorization: `Bearer ${token}` })
  if (status !== 201) throw new Error(`a create was answered ${status}`)
}

/** Events a second of the whole command, its start included, three times. */
async function measureVerify(setup: Setup): Promise<number[]> {
  const { databaseUrl, folder } = await addDatabase(setup)
  await migrate(databaseUrl)
  const pem = createSealKeyPem()
  const file = join(folder, 'seal.pem')
  writeFileSync(file, pem, { mode: 0o600 })
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  await client.query(fill, [verifiedEvents])
  await client.end()
  await seal(databaseUrl, pem)
  const command = fileURLToPath(new URL('../src/commands/auditVerify.ts', import.meta.url))
  const env = { DATABASE_URL: databaseUrl, JWT_SECRET: setup.secret, AUDIT_SEAL_KEY_FILE: file, DATA_DIR: folder }
  const rates: number[] = []
  for (let round = 0; round < 3; round += 1) {
    const start = performance.now()
    await promisify(execFile)(process.execPath, [command], { env })
    rates.push(verifiedEvents / ((performance.now() - start) / 1000))
  }
  return rates
}

async function seal(databaseUrl: string, pem: string): Promise<void> {
  const { db, pool } = connect(databaseUrl, { applicationName: 'bench', poolSize: 1 })
  const logger = createLogger({ level: 'silent', name: 'bench' })
  await sealAudit({ db, logger, sealKey: () => Promise.resolve(readSealKey(pem)!) })
  await pool.end()
}

/** Another database on the same server. */
async function addDatabase(setup: Setup): Promise<Setup> {
  const name = `audit_${randomBytes(6).toString('hex')}`
  const client = new pg.Client({ connectionString: setup.databaseUrl })
  await client.connect()
  await client.query(`CREATE DATABASE ${name}`)
  await client.end()
  const url = new URL(setup.databaseUrl)
  url.pathname = name
  return { ...setup, databaseUrl: url.href }
}
