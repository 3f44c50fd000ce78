import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { startApi } from '../support/api.ts'
import { startFaultProxy, type FaultProxy } from '../support/faultProxy.ts'
import { signInAs } from '../support/people.ts'
import { describeWithOwnRedis, startRedis, until, type TestRedis } from '../support/redis.ts'
import { allActs, hasLostRedis, revoke, type Act, type Fault, type Outcome, type Pair } from '../support/revocation.ts'

/** One for each way in which a token loses its rights: its session, its user, the role, and the other sessions. */
const someActs: Act[] = ['logout', 'deactivate', 'demote', 'changePassword']

async function startPair(redisForA?: string, redisForB = redisForA): Promise<Pair> {
  const env = (url?: string): Record<string, string> => (url === undefined ? {} : { REDIS_URL: url })
  const a = await startApi({ env: env(redisForA) })
  const b = await startApi({ env: env(redisForB), database: a.database })
  return { a, b, admin: await signInAs(a, 'admin') }
}

async function stopPair({ a, b }: Pair): Promise<void> {
  await b.close()
  await a.close()
}

/** Accepted before, refused within a second after the answer and ever after, and nothing else in between. */
function expectRevoked(outcomes: Outcome[], count: number): void {
  expect(outcomes).toHaveLength(2 * count)
  for (const { act, statuses } of outcomes) expect({ act, statuses }).toEqual({ act, statuses: [200, refusal(act)] })
  expect(outcomes.filter(({ acceptedFor }) => acceptedFor > 1000)).toEqual([])
}

const refusal = (act: Act) => (act === 'demote' ? 403 : 401)

describe('two instances without Redis', () => {
  let pair: Pair
  beforeAll(async () => {
    pair = await startPair()
  })
  afterAll(() => stopPair(pair))

  test('SES-05! CAC-04! an access token dies with everything that ends its rights', async () => {
    const outcomes = await revoke(pair, allActs)
    expectRevoked(outcomes, allActs.length)
    const late = outcomes.filter(({ instance, acceptedFor }) => instance === 'a' && acceptedFor > 0)
    expect(late).toEqual([])
  })
})

describeWithOwnRedis('two instances with Redis', () => {
  let redis: TestRedis
  /** Between instance A and Redis. */
  let way: FaultProxy
  let pair: Pair
  beforeAll(async () => {
    redis = await startRedis()
    way = await startFaultProxy(redis.url)
    pair = await startPair(way.url, redis.url)
  })
  afterAll(async () => {
    await stopPair(pair)
    await way.close()
    await redis.stop()
  })
  beforeEach(() => until(() => [pair.a, pair.b].every(({ context }) => context.redis?.state().isUp)))

  test('SES-05! an access token dies at once, everywhere, with everything that ends its rights', async () => {
    const outcomes = await revoke(pair, allActs)
    expectRevoked(outcomes, allActs.length)
    const late = outcomes.filter(({ acceptedFor }) => acceptedFor > 0)
    expect(hasLostRedis(pair.a) || hasLostRedis(pair.b) ? [] : late).toEqual([])
  })

  const settings = (values: Record<string, string>) => () =>
    Promise.all(Object.entries(values).map(([name, value]) => redis.client.config('SET', name, value)))
  const now = (happen: () => void) => () => Promise.resolve(happen())

  const faults: Record<string, () => Fault> = {
    'FLT-20 is frozen before': () => ({ before: now(() => redis.freeze()), later: now(() => redis.thaw()) }),
    'FLT-20 is frozen after': () => ({ after: now(() => redis.freeze()), later: now(() => redis.thaw()) }),
    'FLT-21 is killed before': () => ({ before: () => redis.kill(), later: () => redis.restart() }),
    'FLT-22 is killed after, and is back at once and empty': () => ({
      after: async () => {
        await redis.kill()
        await redis.restart()
      },
    }),
    'FLT-25 refuses to write': () => ({
      before: () => redis.client.replicaof('127.0.0.1', '1'),
      later: () => redis.client.replicaof('NO', 'ONE'),
    }),
    'FLT-25 wants another password': () => ({
      before: async () => {
        await redis.client.config('SET', 'requirepass', 'another')
        await redis.client.call('CLIENT', 'KILL', 'TYPE', 'normal')
      },
      later: settings({ requirepass: '' }),
    }),
    'FLT-24 LAB-32 is full and evicts nothing': () => ({
      before: settings({ maxmemory: '1', 'maxmemory-policy': 'noeviction' }),
      later: settings({ maxmemory: '0' }),
    }),
    'FLT-25 is slow for one instance': () => ({ before: now(() => way.delay(300)), later: now(() => way.delay(0)) }),
    'is out of reach of one instance': () => ({ before: now(() => way.hold()), later: now(() => way.release()) }),
  }

  test.each(Object.entries(faults))(
    'SES-06! CAC-11! nothing comes back to life where Redis %s',
    async (_name, fault) => {
      expectRevoked(await revoke(pair, someActs, fault()), someActs.length)
    },
  )

  const fill = () => {
    const pipeline = redis.client.pipeline()
    for (let index = 0; index < 50; index += 1) pipeline.set(`filling:${randomUUID()}`, 'x'.repeat(20_000))
    return pipeline.exec()
  }
  const evictions = async () => /evicted_keys:(\d+)/.exec(await redis.client.info('stats'))?.[1]

  test.each([
    ['FLT-23 is emptied', () => redis.client.flushall(), '0'],
    ['FLT-24 LAB-32 is full and evicts', fill, expect.not.stringMatching(/^0$/)],
  ])('SES-06! CAC-11! … or %s again and again', async (_name, happen, evicted) => {
    await settings({ maxmemory: '5mb', 'maxmemory-policy': 'allkeys-lru' })()
    let isOn = true
    async function go(): Promise<void> {
      for (; isOn; await sleep(25)) await happen()
    }
    const going = go()
    expectRevoked(await revoke(pair, someActs), someActs.length)
    isOn = false
    await going
    expect(await evictions()).toEqual(evicted)
    await settings({ maxmemory: '0' })()
    await redis.client.flushall()
  })
})
