import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { startApi, type Api } from '../support/api.ts'
import { startFaultProxy, type FaultProxy } from '../support/faultProxy.ts'
import { signInAs } from '../support/people.ts'
import { describeWithOwnRedis, startRedis, type TestRedis } from '../support/redis.ts'
import { hasLostRedis, use } from '../support/revocation.ts'

/** Instance B reads the session while it is good, and learns of it only after instance A has ended it. */
interface Race {
  a: Api
  b: Api
  /** From B to the database. */
  way: FaultProxy
}

async function build(redisUrl?: string): Promise<Race> {
  const env: Record<string, string> = redisUrl === undefined ? {} : { REDIS_URL: redisUrl }
  const a = await startApi({ env })
  const way = await startFaultProxy(a.database.url)
  return { a, way, b: await startApi({ env, database: { ...a.database, url: way.url } }) }
}

async function tearDown({ a, b, way }: Race): Promise<void> {
  await b.close()
  await a.close()
  await way.close()
}

interface Options {
  /** Milliseconds from the end of the session until B learns what it was before. */
  lateness: number
  /** Happens right after the end of the session. */
  happen?: (() => Promise<unknown>) | undefined
}

/** Until when, in milliseconds after the answer that it is over, requests were sent that B accepted; undefined for never. */
async function race(instances: Race, options: Options): Promise<number | undefined> {
  // A machine that is busy enough lets a question to the database time out by itself; that shows nothing of the race.
  for (let attempt = 1; attempt <= 3; attempt++) {
    const { first, answers } = await run(instances, options)
    const statuses = [first, ...answers.map(({ status }) => status)]
    if (statuses.includes(503)) continue
    expect(first).toBe(200)
    expect(statuses.filter((status) => status !== 200 && status !== 401)).toEqual([])
    expect(statuses.at(-1)).toBe(401)
    return answers.findLast(({ status }) => status === 200)?.after
  }
  throw new Error('The database did not answer B in three attempts: is this machine far too busy?')
}

async function run({ a, b, way }: Race, { lateness, happen }: Options) {
  const { token, user } = await signInAs(a, 'moderator')
  // A connection that is only being opened has no question on its way yet.
  await sql`SELECT`.execute(b.context.db)
  way.hold('answers')
  const first = use(b, token)
  while (!way.held().includes(user.id)) await sleep(5)
  expect((await a.send('POST', '/v1/auth/logout', { token })).status).toBe(204)
  const endedAt = performance.now()
  await happen?.()
  const exchanges: Promise<{ after: number; status: number }>[] = []
  let isHeld = true
  while (performance.now() < endedAt + 1300) {
    const after = performance.now() - endedAt
    if (isHeld && after >= lateness) {
      way.release()
      isHeld = false
    }
    exchanges.push(use(b, token).then((status) => ({ after, status })))
    await sleep(50)
  }
  return { first: await first, answers: await Promise.all(exchanges) }
}

const soon = 50
/** Longer than anything that is known of a session may be used. */
const late = 950

describe('CAC-02! a slow reader, without Redis', () => {
  let instances: Race
  beforeAll(async () => {
    instances = await build()
  })
  afterAll(() => tearDown(instances))

  test.each([soon, late])('brings nothing back to life for longer than a second (%i ms late)', async (lateness) => {
    expect((await race(instances, { lateness })) ?? 0).toBeLessThan(1000)
  })
})

describeWithOwnRedis('CAC-02! a slow reader, with Redis', () => {
  let redis: TestRedis
  let instances: Race
  beforeAll(async () => {
    redis = await startRedis()
    instances = await build(redis.url)
  })
  afterAll(async () => {
    await tearDown(instances)
    await redis.stop()
  })

  test.each([soon, late])('brings nothing back to life (%i ms late)', async (lateness) => {
    const acceptedFor = await race(instances, { lateness })
    const { a, b } = instances
    expect(hasLostRedis(a) || hasLostRedis(b) ? undefined : acceptedFor).toBeUndefined()
  })

  test.each([soon, late])('nor for longer than a second where Redis has lost it all (%i ms late)', async (lateness) => {
    const happen = () => redis.client.flushall()
    expect((await race(instances, { lateness, happen })) ?? 0).toBeLessThan(1000)
  })
})
