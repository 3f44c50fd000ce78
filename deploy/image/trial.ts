// What an operator would look at first, tried on the image that verify.ts built. Runs in a network namespace that reaches
// nothing: what the service needs is beside it, as in docker-compose.yml.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Image } from './build.ts'
import { readCompose } from './compose.ts'
import { runInside, startContainer } from './container.ts'
import { startPostgres, startRedis, until } from './neighbours.ts'

const [folder = ''] = process.argv.slice(2)
const image = JSON.parse(readFileSync(join(folder, 'image.json'), 'utf8')) as Image
const { api, database, redis } = readCompose().services
assert(api?.environment && database && redis)
const environment = api.environment
const base = 'http://127.0.0.1:8000'
const said = (what: string) => console.log(`  ${what}`)
const statusOf = (path: string, options?: RequestInit) =>
  fetch(base + path, options).then(
    ({ status }) => status,
    () => 0,
  )
const secret = (name: string) => readFileSync(join(folder, 'secrets/api', name), 'utf8').trim()

if (spawnSync('ip', ['link', 'set', 'lo', 'up']).status !== 0) execFileSync('ifconfig', ['lo', 'up'])
const makeSecrets = ['sh', join(import.meta.dirname, '../compose/makeSecrets.sh'), join(folder, 'secrets')] as const
execFileSync(makeSecrets[0], makeSecrets.slice(1))
const made = secret('jwt_secret')
execFileSync(makeSecrets[0], makeSecrets.slice(1))
assert.equal(secret('jwt_secret'), made)
said('secrets are made once')

const neighbours = [await startPostgres(folder, database), startRedis(folder, redis)]
process.once('exit', () => neighbours.forEach((each) => each.kill('SIGINT')))

const broken = await startContainer(image, {
  ...environment,
  DATABASE_URL_FILE: '/run/secrets/missing',
  PORT: 'eighty',
})
assert.equal(await broken.exited, 78)
assert.equal(broken.output().trim().split('\n').length, 3, broken.output())
said('a wrong configuration: exit code 78, and a line for each fault')

const container = await startContainer(image, environment)
const began = performance.now()
await until('/ready', async () => (await statusOf('/ready')) === 200).catch((error: unknown) => {
  console.error(container.output())
  throw error
})
said(`SUP-05 /ready after ${((performance.now() - began) / 1000).toFixed(1)} s, with nobody else to talk to`)

const status = readFileSync(`/proc/${container.pid}/status`, 'utf8')
assert.match(status, /^NSpid:\t\d+\t1$/m)
assert.match(status, /^Uid:\t10001\t10001\t10001\t10001$/m)
assert.match(status, /^CapEff:\t0+$/m)
assert.match(status, /^NoNewPrivs:\t1$/m)
assert.match(readFileSync(`/proc/${container.pid}/cmdline`, 'latin1'), /^node\0/)
said('OPS-07 SUP-04 node is process 1, user 10001, without a capability')

const visible = ['cmdline', 'environ'].map((name) => readFileSync(`/proc/${container.pid}/${name}`, 'latin1')).join()
const secrets = ['jwt_secret', 'admin_password', 'database_url', 'redis_url'].map(secret)
for (const each of secrets) assert(!visible.includes(each) && !container.output().includes(each))
said('CFG-02 no secret in its arguments, its environment or its log')

assert.notEqual(runInside(image, ['touch', 'x']).status, 0)
assert.notEqual(runInside(image, ['sh', '-c', 'echo x > src/main.ts']).status, 0)
said('nothing of it can be written')

assert.equal(runInside(image, image.healthcheck).status, 0)
assert.notEqual(runInside(image, image.healthcheck, { PORT: '8001' }).status, 0)
said('HEALTHCHECK: 0 for the service, another code where nothing answers')

const credentials = { identifier: 'admin', password: secret('admin_password') }
const json = { 'content-type': 'application/json' }
const login = await fetch(`${base}/v1/auth/login`, { method: 'POST', headers: json, body: JSON.stringify(credentials) })
const { access_token: token } = (await login.json()) as { access_token: string }
const authorization = { authorization: `Bearer ${token}` }
const person = { username: 'john_doe', email: 'john@example.com', password: 'seven quiet bicycles' }
const creation = { method: 'POST', headers: { ...json, ...authorization }, body: JSON.stringify(person) }
assert.equal(await statusOf('/v1/users', creation), 201)
assert.equal(await statusOf('/v1/users', { headers: authorization }), 200)
assert.equal(await statusOf('/docs/'), 200)
const ask = (...words: string[]) => execFileSync('redis-cli', words, { encoding: 'utf8' }).trim()
assert.equal(ask('ping'), 'PONG')
assert.match(ask('keys', '*'), /NOPERM/)
const asService = ['--no-auth-warning', '-u', secret('redis_url').replace('@redis:', '@127.0.0.1:')]
assert.equal(ask(...asService, 'get', 'user-management:none'), '')
for (const command of [['flushall'], ['config', 'get', '*'], ['keys', '*'], ['get', 'another']])
  assert.match(ask(...asService, ...command), /NOPERM/)
assert.doesNotMatch(container.output(), /NOPERM|Redis is not|redis is not/i)
said('CFG-05 signed in, created and listed; Redis lets the service do what it needs and no more')

const migrate = runInside(image, ['node', 'src/commands/migrate.ts'], environment)
assert.deepEqual(migrate, { status: 0, output: 'The database is up to date.\n' })
said('node src/commands/migrate.ts: up to date')

const stopped = performance.now()
process.kill(container.pid, 'SIGTERM')
await until('/ready to turn', async () => (await statusOf('/ready')) !== 200)
assert.equal(await statusOf('/v1/users', { headers: authorization }), 200)
assert.equal(await container.exited, 0)
const seconds = (performance.now() - stopped) / 1000
assert(seconds < 30)
said(`OPS-07 SIGTERM: unready first, still answering, exit code 0 after ${seconds.toFixed(1)} s`)
process.exit(0)
