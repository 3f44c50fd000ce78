import type { Answer } from '../../support/checkAnswer.ts'
import { startApi, type Api } from '../../support/api.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'
import { addPerson, password, signIn } from '../../support/people.ts'
import { describeWithOwnRedis, describeWithRedis, startRedis, until, type TestRedis } from '../../support/redis.ts'

let lastAddress = 0
/** Of a proxy's client whom nobody has seen before. */
const newAddress = () => `198.51.${((lastAddress += 1) >> 8) & 255}.${lastAddress & 255}`
const sameAddress = '203.0.113.9'

interface Attempt {
  from?: string
  secret?: string
  headers?: Record<string, string>
}

function logIn(api: Api, identifier: string, { from = newAddress(), secret = 'not it at all', headers = {} }: Attempt) {
  const body = { identifier, password: secret }
  return api.send('POST', '/v1/auth/login', { body, headers: { 'x-forwarded-for': from, ...headers } })
}

const statusesOf = (answers: Answer[]) => answers.map(({ status }) => status)
const times = <Result>(count: number, make: (round: number) => Promise<Result>) =>
  Promise.all(Array.from({ length: count }, (_, round) => make(round)))

/** `"auth";r=0;t=42` as its parts. */
function parse(field: string | undefined): { name: string; numbers: Record<string, number> } {
  const [name = '', ...parameters] = (field ?? '').split(';')
  expect(name).toMatch(/^"[a-z]+"$/)
  for (const parameter of parameters) expect(parameter).toMatch(/^[a-z]=\d{1,15}$/)
  const numbers = Object.fromEntries(parameters.map((each) => [each[0], Number(each.slice(2))]))
  return { name, numbers }
}

function expectRefused(answer: Answer | undefined): number {
  expect(answer).toMatchObject({ status: 429, body: { type: '/problems/rate-limited' } })
  const seconds = answer!.headers['retry-after']!
  expect(seconds).toMatch(/^[1-9]\d*$/)
  expect(parse(answer!.headers.ratelimit).numbers).toEqual({ r: 0, t: Number(seconds) })
  return Number(seconds)
}

async function evaluated(database: TestDatabase): Promise<number> {
  return (await database.query("SELECT 1 FROM audit_events WHERE action = 'login.failed'")).length
}

describeWithRedis('two instances, one database, one Redis', () => {
  let database: TestDatabase
  let server: TestRedis
  let instances: Api[]
  beforeEach(async () => {
    database = await createTestDatabase()
    server = await startRedis()
    const env = { REDIS_URL: server.url, TRUST_PROXY: '1', RATE_LIMIT_AUTH_PER_MINUTE: '5' }
    instances = [await startApi({ database, env }), await startApi({ database, env })]
  })
  afterEach(async () => {
    for (const api of instances) await api.close()
    await server.stop()
    await database.drop()
  })
  const instance = (round: number) => instances[round % 2]!

  test('BRU-01 RL-05 of 40 at once from one address on both, five are evaluated', async () => {
    const answers = await times(40, (round) => logIn(instance(round), `name${round}`, { from: sameAddress }))
    console.log(JSON.stringify(instances.map((api) => api.log.filter(({ msg }) => String(msg).startsWith('Redis')))))
    expect(statusesOf(answers).filter((status) => status === 401)).toHaveLength(5)
    expect(await evaluated(database)).toBe(5)
    for (const answer of answers.filter(({ status }) => status === 429)) expectRefused(answer)
  })

  test('ABU-90 RL-01 RL-02 RL-03 the sixth, wherever it goes, is told when to come back', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { status, headers } = await logIn(instance(round), 'nobody', { from: sameAddress })
      expect(status).toBe(401)
      expect(parse(headers['ratelimit-policy'])).toEqual({ name: '"auth"', numbers: { q: 5, w: 60 } })
      expect(parse(headers.ratelimit)).toEqual({ name: '"auth"', numbers: { r: 4 - round, t: 60 } })
    }
    for (const api of instances) {
      const seconds = expectRefused(await logIn(api, 'somebody.else', { from: sameAddress }))
      expect(seconds).toBeLessThanOrEqual(60)
    }
    expect((await logIn(instance(0), 'nobody', {})).status).toBe(401)
  })

  test('BRU-04 spraying many accounts from one address, or from one /64, is stopped', async () => {
    for (const [index, addresses] of [
      Array.from({ length: 6 }, () => sameAddress),
      Array.from({ length: 6 }, (_, round) => `2001:db8:1:2::${round + 1}`),
      ['192.0.2.1', '::ffff:192.0.2.1', '192.0.2.1', '::ffff:192.0.2.1', '192.0.2.1', '::FFFF:192.0.2.1'],
    ].entries()) {
      const answers: Answer[] = []
      for (const [round, from] of addresses.entries()) {
        answers.push(await logIn(instance(round), `person${index}.${round}`, { from }))
      }
      expect(statusesOf(answers)).toEqual([401, 401, 401, 401, 401, 429])
    }
  })

  test('BRU-05 a success of one’s own between does not wipe the address’s slate', async () => {
    const { username } = await addPerson(instance(0))
    const statuses: number[] = []
    for (let round = 0; round < 6; round += 1) {
      const attempt = round % 2 === 0 ? { from: sameAddress, secret: password } : { from: sameAddress }
      const { status } = await logIn(instance(round), round % 2 === 0 ? username : 'victim', attempt)
      statuses.push(status)
    }
    expect(statuses).toEqual([200, 401, 200, 401, 200, 429])
  })

  test('BRU-02 BRU-09 ENU-05 a botnet is slowed down per account, known or not alike', async () => {
    const { username, email } = await addPerson(instance(0), { name: 'target' })
    const spellings = (name: string) => [name, name.toUpperCase(), name.replace('t', 'ｔ')]
    for (const name of [username, 'tnobody', email]) {
      const statuses: number[] = []
      for (let round = 0; round < 12; round += 1) {
        statuses.push((await logIn(instance(round), spellings(name)[round % 3]!, {})).status)
      }
      expect(statuses).toEqual([...Array<number>(10).fill(401), 429, 429])
      const before = await evaluated(database)
      const refused = await times(2, (round) => logIn(instance(round), name, { secret: password }))
      for (const answer of refused) expect(expectRefused(answer)).toBeLessThanOrEqual(30)
      expect(await evaluated(database)).toBe(before)
    }
  })

  test('BRU-02 three hundred at once from as many addresses: hardly more than ten are evaluated', async () => {
    await addPerson(instance(0), { name: 'target' })
    const answers = await times(300, (round) => logIn(instance(round), 'target', {}))
    const heard = await evaluated(database)
    expect(heard).toBeGreaterThanOrEqual(10)
    expect(heard).toBeLessThanOrEqual(10 + 2 * 4)
    expect(statusesOf(answers).filter((status) => status === 429)).toHaveLength(300 - heard)
  })

  test('BRU-03 whoever comes from a known device, or holds a session, is not kept out by strangers', async () => {
    const { username } = await addPerson(instance(0))
    const home = { from: '192.0.2.77', secret: password }
    const session = (await logIn(instance(0), username, home)).body as { access_token: string }
    for (let round = 0; round < 12; round += 1) await logIn(instance(round), username, {})
    expectRefused(await logIn(instance(0), username, { secret: password }))
    for (const api of instances) {
      expect((await logIn(api, username, home)).status).toBe(200)
      expect((await api.send('GET', '/v1/auth/me', { token: session.access_token })).status).toBe(200)
    }
    expectRefused(await logIn(instance(0), username, { secret: password }))
  })

  test('BRU-05 a device that fails is slowed down by itself, and only there', async () => {
    const { username } = await addPerson(instance(0))
    const device = '2001:db8:5:6::1'
    expect((await logIn(instance(0), username, { from: device, secret: password })).status).toBe(200)
    // From other addresses of its /64, which share the limit by address: that is lifted here to see the other one.
    const unlimited = await startApi({ database, env: { REDIS_URL: server.url, TRUST_PROXY: '1' } })
    const statuses: number[] = []
    for (let round = 0; round < 11; round += 1) {
      statuses.push((await logIn(unlimited, username, { from: `2001:db8:5:6::${round + 2}` })).status)
    }
    expect(statuses).toEqual([...Array<number>(10).fill(401), 429])
    expect((await logIn(unlimited, username, { secret: password })).status).toBe(200)
    await unlimited.close()
  })

  test('RL-01 reads and writes are counted across instances, by user', async () => {
    const env = { REDIS_URL: server.url, RATE_LIMIT_READS_PER_HOUR: '6', RATE_LIMIT_WRITES_PER_HOUR: '4' }
    const limited = [await startApi({ database, env }), await startApi({ database, env })]
    const [one, two] = [await addPerson(limited[0]!), await addPerson(limited[0]!)]
    const { token } = await signIn(limited[0]!, one.username)
    const read = (round: number) => limited[round % 2]!.send('GET', '/v1/auth/me', { token })
    const write = (round: number) =>
      limited[round % 2]!.send('PATCH', `/v1/users/${one.id}`, { token, body: { first_name: `Name ${round}` } })
    const reads: Answer[] = []
    for (let round = 0; round < 7; round += 1) reads.push(await read(round))
    expect(statusesOf(reads)).toEqual([...Array<number>(6).fill(200), 429])
    expectRefused(reads[6])
    const writes: Answer[] = []
    for (let round = 0; round < 5; round += 1) writes.push(await write(round))
    expect(statusesOf(writes)).toEqual([...Array<number>(4).fill(200), 429])
    const other = await signIn(limited[1]!, two.username)
    expect((await limited[1]!.send('GET', '/v1/auth/me', { token: other.token })).status).toBe(200)
    for (const api of limited) await api.close()
  })

  test('RL-09 invalid tokens count by address', async () => {
    const env = { REDIS_URL: server.url, TRUST_PROXY: '1', RATE_LIMIT_READS_PER_HOUR: '4' }
    const limited = await startApi({ database, env })
    const statuses: number[] = []
    for (let round = 0; round < 5; round += 1) {
      const headers = { 'x-forwarded-for': sameAddress }
      statuses.push((await limited.send('GET', '/v1/auth/me', { token: `made.up.${round}`, headers })).status)
    }
    expect(statuses).toEqual([401, 401, 401, 401, 429])
    await limited.close()
  })

  test('RL-12 all that limits leave behind in Redis goes away by itself', async () => {
    await times(12, (round) => logIn(instance(round), `flood${round}`, {}))
    const keys = await server.client.keys('user-management:*')
    expect(keys.length).toBeGreaterThanOrEqual(24)
    for (const key of keys) expect(await server.client.pttl(key)).toBeGreaterThan(0)
    expect(keys.join()).not.toContain('flood')
  })

  test('FLT-23 sign-ins go on while Redis is emptied again and again', async () => {
    const { username } = await addPerson(instance(0))
    const emptying = times(20, () => server.client.flushdb())
    const answers = await times(10, (round) => logIn(instance(round), username, { secret: password }))
    await emptying
    expect(new Set(statusesOf(answers))).toEqual(new Set([200]))
  })
})

describe('BRU-06 ABU-91 RL-09 the address is the peer’s unless a proxy is configured', () => {
  test.each(['X-Forwarded-For', 'Forwarded', 'X-Real-IP', 'Client-IP', 'True-Client-IP'])('%s', async (name) => {
    const api = await startApi({ env: { RATE_LIMIT_AUTH_PER_MINUTE: '5' } })
    const statuses: number[] = []
    for (let round = 0; round < 6; round += 1) {
      const address = newAddress()
      const headers = { [name]: name === 'Forwarded' ? `for=${address}` : address }
      const body = { identifier: 'nobody', password: 'not it at all' }
      statuses.push((await api.send('POST', '/v1/auth/login', { body, headers })).status)
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429])
    const seen = await api.database.query('SELECT DISTINCT host(ip) AS ip FROM audit_events')
    expect(seen).toEqual([{ ip: '127.0.0.1' }])
    await api.close()
  })
})

describe('refreshing', () => {
  test('is limited by session and says what is left; tokens of no session count by address', async () => {
    const api = await startApi({ env: { RATE_LIMIT_AUTH_PER_MINUTE: '1000000' } })
    const { username } = await addPerson(api)
    const [one, two] = [await signIn(api, username), await signIn(api, username)]
    const refresh = (token: string) => api.send('POST', '/v1/auth/refresh', { body: { refresh_token: token } })
    let token = one.refreshToken
    for (let round = 0; round < 30; round += 1) {
      const { status, headers, body } = await refresh(token)
      expect(status).toBe(200)
      expect(parse(headers.ratelimit)).toEqual({ name: '"refresh"', numbers: { r: 29 - round, t: 60 } })
      token = (body as { refresh_token: string }).refresh_token
    }
    expectRefused(await refresh(token))
    expect((await refresh(two.refreshToken)).status).toBe(200)
    // The refused token was not spent.
    const spent = 'SELECT 1 FROM refresh_tokens WHERE session_id = $1 AND spent_at IS NULL'
    const [claims] = [JSON.parse(Buffer.from(one.token.split('.')[1]!, 'base64url').toString()) as { sid: string }]
    expect(await api.database.query(spent, [claims.sid])).toHaveLength(1)

    const strangers: number[] = []
    for (let round = 0; round < 31; round += 1) {
      strangers.push((await refresh(`${'x'.repeat(41)}${10 + round}`)).status)
    }
    expect(strangers).toEqual([...Array<number>(30).fill(401), 429])
    await api.close()
  })
})

describeWithOwnRedis('RL-06 a Redis that fails', () => {
  test.each(['frozen', 'killed', 'missing from the start'])('%s', async (how) => {
    const database = await createTestDatabase()
    const server = await startRedis()
    if (how === 'missing from the start') await server.kill()
    const env = { REDIS_URL: server.url, TRUST_PROXY: '1', RATE_LIMIT_AUTH_PER_MINUTE: '5' }
    const api = await startApi({ database, env })
    const { username } = await addPerson(api)
    if (how === 'frozen') server.freeze()
    if (how === 'killed') await server.kill()
    // FLT-20 FLT-21: nothing else notices; the limits still hold, the one by address and the one by account.
    const { token } = await signIn(api, username)
    expect((await api.send('GET', '/v1/auth/me', { token })).status).toBe(200)
    const attack = await times(20, () => logIn(api, 'nobody', { from: sameAddress }))
    expect(statusesOf(attack).filter((status) => status === 401)).toHaveLength(5)
    for (let round = 0; round < 5; round += 1) expect((await logIn(api, 'nobody', {})).status).toBe(401)
    expectRefused(await logIn(api, 'nobody', {}))

    if (how === 'frozen') server.thaw()
    else await server.restart()
    await until(() => api.context.redis?.state().isUp === true)
    // FLT-22: an instance remembers what it let through.
    expectRefused(await logIn(api, 'another', { from: sameAddress }))
    expect((await logIn(api, username, { secret: password })).status).toBe(200)
    const told = api.log.map(({ msg }) => String(msg)).filter((line) => line.startsWith('Redis'))
    const back = 'Redis answers: cache and limits are shared'
    const gone = 'Redis does not answer: this instance limits by itself and reads from the database'
    expect(told).toEqual(how === 'missing from the start' ? [gone, back] : [back, gone, back])
    await api.close()
    await server.stop()
    await database.drop()
  })
})
