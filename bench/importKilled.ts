// `npm run import-killed -- --rows 1000000`: imports a file by the service as a newcomer starts it, kills the service twice on
// the way and counts what is there in the end. Exits 1 where a row is missing, or there twice.
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import packageFile from '../package.json' with { type: 'json' }
import { startEmbeddedPostgres } from '../src/db/embedded.ts'
import { freePort } from '../src/db/embeddedPostmaster.ts'
import { get } from './client.ts'
import { bothCores } from './cores.ts'
import { linesOf, makeHash, upload } from './importFile.ts'
import { countImported, verifyTrail } from './importKilledCounts.ts'
import { administrator, signIn } from './servers.ts'
import { startServer, type ServerProcess } from './serverProcess.ts'

interface Progress {
  status: string
  created: number
}

const { values } = parseArgs({ options: { rows: { type: 'string', default: '1000000' } } })
const rows = Number(values.rows)
const folder = await mkdtemp(join(tmpdir(), 'user-management-killed-'))
const dataDir = join(folder, 'data')
const settings = {
  DATA_DIR: dataDir,
  ENVIRONMENT: 'development',
  METRICS_PORT: 'off',
  JWT_SECRET: randomBytes(48).toString('base64'),
  ADMIN_PASSWORD: administrator.password,
  ACCESS_TOKEN_EXPIRE_MINUTES: '1440',
  RATE_LIMIT_AUTH_PER_MINUTE: '0',
  RATE_LIMIT_READS_PER_HOUR: '0',
  RATE_LIMIT_WRITES_PER_HOUR: '0',
}

await using cleanUp = new AsyncDisposableStack()
cleanUp.defer(() => rm(folder, { recursive: true, force: true }))
// One that a killed service left behind and nobody took over would go on for ever.
cleanUp.defer(async () => (await startEmbeddedPostgres(dataDir)).stop())
let service = await start()
cleanUp.defer(() => service.stop())

const token = await signIn(service)
const begin = performance.now()
const path = await upload(service, token, linesOf(rows, await makeHash()))
say(`${rows} rows are uploaded`)
let idleSeconds = 0
for (const share of [1 / 3, 2 / 3]) {
  const { created } = await until(({ created }) => created >= share * rows)
  const death = performance.now()
  await service.kill()
  say(`killed, with ${created} rows done at the last look`)
  service = await start()
  const found = await look()
  say(`started again in ${(service.startMilliseconds / 1000).toFixed(1)} s, ${found.created} rows are done`)
  await until((now) => now.created > found.created)
  idleSeconds += (performance.now() - death) / 1000
  say('goes on')
}
await until(({ status }) => status === 'completed')
const seconds = (performance.now() - begin) / 1000
say(`completed: ${Math.round(rows / seconds)} rows a second with the upload and all that the deaths took`)
say(
  `without the ${idleSeconds.toFixed(1)} s between deaths and going on: ${Math.round(rows / (seconds - idleSeconds))} rows a second`,
)
await service.stop()

const postgres = await startEmbeddedPostgres(dataDir)
const counts = await countImported(postgres.url).finally(() => postgres.stop())
for (const [what, count] of Object.entries(counts)) console.log(`${what}: ${count}`)
const trail = await verifyTrail(settings)
console.log(`npm run audit:verify: exit ${trail.code}\n${trail.output}`)
const isWhole = Object.values(counts).every((count) => count === rows) && trail.code === 0
console.log(isWhole ? 'each row once' : 'something is missing, or there twice')
if (!isWhole) process.exitCode = 1

async function start(): Promise<ServerProcess> {
  return startServer({
    command: packageFile.scripts.start.split(' ').slice(1),
    port: await freePort(),
    env: settings,
    logFile: join(folder, 'service.log'),
    readyPath: '/ready',
    cores: bothCores,
  })
}

async function look(): Promise<Progress> {
  const { status: code, text } = await get(service.base + path, { Authorization: `Bearer ${token}` })
  if (code !== 200) throw new Error(`the import was answered ${code}: ${text}`)
  const { status, counts } = JSON.parse(text) as { status: string; counts: { created: number } }
  if (status === 'failed') throw new Error(`the import failed: ${text}`)
  return { status, created: counts.created }
}

async function until(isReached: (now: Progress) => boolean): Promise<Progress> {
  for (;;) {
    const now = await look()
    if (isReached(now)) return now
    if (now.status === 'completed') throw new Error('the import was completed before it could be killed')
    await sleep(50)
  }
}

function say(what: string): void {
  console.log(`${((performance.now() - begin) / 1000).toFixed(1)} s: ${what}`)
}
