// `npm run rehearse-restore`: a service on a PostgreSQL of its own, an encrypted dump, changes after it, a loss, and all that
// it takes to be back; then looks whether everything is as it should be, and says how long it took and what was lost.
// Needs PostgreSQL's programs (Debian's postgresql) and gpg. Leaves nothing behind where all is well.
import { randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { freePort } from '../../src/db/embeddedPostmaster.ts'
import { migrationNames, migrationsDirectory } from '../../src/db/migrationFiles.ts'
import { Instance } from '../rolling/instance.ts'
import { ServiceClient } from './client.ts'
import { BackupKey, makeSecrets, runNpm, runScript } from './machines.ts'
import { findPrograms, startServer } from './server.ts'

const programs = findPrograms()
if (programs === undefined) throw new Error('There is no PostgreSQL to rehearse with: install postgresql.')
process.env.PATH = `${programs}:${process.env.PATH}`
const folder = mkdtempSync(join(tmpdir(), 'user-management-restore-'))
chmodSync(folder, 0o711)
const [vault, away] = [join(folder, 'vault'), join(folder, 'away')]
for (const each of [vault, away]) mkdirSync(each, { mode: 0o700 })
const [dump, ledger] = [join(away, 'service.dump.gpg'), join(away, 'erasures.ndjson')]
const password = randomBytes(15).toString('base64url')

const key = new BackupKey(vault)
const server = await startServer(folder, programs)
const secrets = makeSecrets(vault)
const common = {
  ...secrets.env,
  ENVIRONMENT: 'production',
  HOST: '127.0.0.1',
  ADMIN_PASSWORD: password,
  AUDIT_SEAL_SECONDS: '1',
  RATE_LIMIT_AUTH_PER_MINUTE: '0',
  RATE_LIMIT_WRITES_PER_HOUR: '0',
  LOG_LEVEL: 'info',
  METRICS_PORT: 'off',
}
const envOf = (database: string) => ({ ...common, DATABASE_URL: server.urlOf(database) })
const faults: string[] = []
const check = (what: string, isGood: boolean) => {
  console.log(`  ${isGood ? 'ok  ' : 'FAIL'} ${what}`)
  if (!isGood) faults.push(what)
}

async function ask<Row extends pg.QueryResultRow>(database: string, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: server.urlOf(database) })
  await client.connect()
  const { rows } = await client.query<Row>(text).finally(() => client.end())
  return rows
}
const counts = (database: string) =>
  ask<Record<string, string>>(
    database,
    `SELECT (SELECT count(*) FROM users) AS users, (SELECT count(*) FROM sessions) AS sessions,
      (SELECT count(*) FROM erasures) AS erasures, (SELECT count(*) FROM audit_seals) AS seals`,
  ).then(([row]) => row!)

const instances: Instance[] = []
async function startOn(database: string): Promise<ServiceClient> {
  const instance = new Instance(await freePort(), envOf(database), join(folder, `${database}.log`))
  instances.push(instance)
  await instance.start()
  return new ServiceClient(instance.port)
}

try {
  await key.make()
  await ask('postgres', 'CREATE DATABASE before')
  const service = await startOn('before')
  const admin = await service.signIn('admin', password)
  const people: string[] = []
  for (let count = 1; count <= 20; count += 1) people.push(await service.createUser(admin, `person-${count}`, password))
  const person = await service.signIn('person-1', password)
  const [early, late] = [people[1]!, people[2]!]
  await service.erase(admin, early)
  // Longer than the pause between seals: the dump has some.
  await sleep(2500)

  console.log('A dump, encrypted on the way')
  const dumpedAt = Date.now()
  const dumped = await counts('before')
  await runScript('dump.sh', [key.publicFile, dump], { ...server.access, PGDATABASE: 'before', HOME: away })
  console.log(
    `  ${(readFileSync(dump).length / 1024).toFixed(0)} KiB in ${((Date.now() - dumpedAt) / 1000).toFixed(1)} s`,
  )
  const cipher = readFileSync(dump)
  check(
    'BAK-02! nothing of it can be read without the private key',
    !['PGDMP', 'person-1', 'users'].some((word) => cipher.includes(word)),
  )

  for (let count = 1; count <= 5; count += 1) await service.createUser(admin, `lost-${count}`, password)
  await service.erase(admin, late)
  await service.signOut(person)
  await runNpm('erasures', ['export', ledger], envOf('before'))
  await sleep(2500)

  console.log('The loss, and the way back')
  await instances[0]!.stop()
  const lostAt = Date.now()
  await runScript('restore.sh', [dump], { ...server.access, ...key.env, PGDATABASE: 'after' })
  const back = Date.now()
  const said = await runNpm('restored', ['--erasures', ledger], envOf('after'))
  const restored = await startOn('after')
  const again = await restored.signIn('admin', password)
  const doneAt = Date.now()

  console.log('What is there')
  const [newest] = (await migrationNames(migrationsDirectory)).slice(-1)
  const [schema] = await ask<{ name: string }>(
    'after',
    'SELECT name FROM schema_migrations ORDER BY number DESC LIMIT 1',
  )
  check(`the schema is that of the release (${newest})`, schema?.name === newest)
  const now = await counts('after')
  const whole = Number(now.users) === Number(dumped.users) - 1 && Number(now.erasures) === Number(dumped.erasures) + 1
  check(`everybody of the dump but the erased: ${JSON.stringify(now)}`, whole)
  check(`erased stay erased: ${said.split('\n')[1]}`, said.includes(`erased again: ${late}\n`))
  for (const id of [early, late]) check('  and is not found', (await restored.read(again, id)) === 404)
  check('BAK-03! a token that was signed out after the dump is refused', (await restored.me(person)) === 401)
  check('BAK-03! the administrator of then is refused', (await restored.me(admin)) === 401)
  check('BAK-03! a refresh token of then is refused', (await restored.refresh(admin)) === 401)
  check('the administrator signed in', (await restored.me(again)) === 200)
  const [event] = await ask('after', `SELECT changes FROM audit_events WHERE action = 'database.restored'`)
  check(`the trail tells of the restore: ${JSON.stringify(event?.changes)}`, event !== undefined)
  const [right] = await ask<{ may: boolean }>(
    'after',
    `SELECT has_database_privilege('user_management_app', 'after', 'TEMPORARY') AS may`,
  )
  check('the rights are those of a database that was migrated', right?.may === false)
  const verdict = await runNpm('audit:verify', [], envOf('after')).catch((error: unknown) => String(error))
  check(`audit:verify: ${verdict.split('\n')[0]}`, verdict.includes('no findings'))

  const text = await key.readDump(dump, vault)
  const found = secrets.traces.filter((trace) => text.includes(trace))
  check(
    'BAK-02! signing key, pepper and key of the seals are not in it',
    found.length === 0 && text.includes('person-1'),
  )

  const seconds = (from: number, to: number) => ((to - from) / 1000).toFixed(1)
  console.log(`RTO ${seconds(lostAt, doneAt)} s, of which the restore itself ${seconds(lostAt, back)} s`)
  console.log(
    `RPO ${seconds(dumpedAt, lostAt)} s, the age of the dump: 5 users and all else that came after it are lost`,
  )
} finally {
  for (const instance of instances) await instance.stop().catch(() => instance.kill())
  await key.forget()
  await server.stop()
}
if (faults.length === 0) rmSync(folder, { recursive: true, force: true })
else console.error(`${faults.length} checks failed; what there is is in ${folder}.`)
process.exitCode = faults.length === 0 ? 0 : 1
