import { setTimeout as sleep } from 'node:timers/promises'
import { startApi, type Api } from '../support/api.ts'
import { startFaultProxy, type FaultProxy } from '../support/faultProxy.ts'
import { signInAs, type SignedIn } from '../support/people.ts'
import { describeWithOwnRedis, startRedis, until, type TestRedis } from '../support/redis.ts'
import { use } from '../support/revocation.ts'

/** Instance A, and an instance B that has a way of its own to the same database. */
interface Stage {
  a: Api
  b: Api
  way: FaultProxy
  person: SignedIn
  close(): Promise<void>
}

async function build(redisUrl?: string): Promise<Stage> {
  const env: Record<string, string> = redisUrl === undefined ? {} : { REDIS_URL: redisUrl }
  const a = await startApi({ env })
  const way = await startFaultProxy(a.database.url)
  const b = await startApi({ env, database: { ...a.database, url: way.url } })
  const person = await signInAs(a, 'admin')
  const close = async () => {
    way.release()
    await b.close()
    await a.close()
    await way.close()
  }
  return { a, b, way, person, close }
}

interface Exchange {
  path: string
  sentAt: number
  status: number
  took: number
}

async function ask({ url }: Api, method: string, path: string, token: string): Promise<Exchange> {
  const sentAt = performance.now()
  const answer = await fetch(url + path, { method, headers: { authorization: `Bearer ${token}` } })
  await answer.arrayBuffer()
  return { path, sentAt, status: answer.status, took: performance.now() - sentAt }
}

/** Asks one thing after the other, ten a second, without waiting for the answers. */
async function askOften({ b, person }: Stage, seconds: number): Promise<Exchange[]> {
  const requests = [
    ['GET', '/v1/auth/me'],
    ['GET', '/v1/auth/sessions'],
    ['GET', '/v1/users?limit=1'],
    ['DELETE', `/v1/users/${person.user.id}/sessions`],
    ['POST', '/v1/auth/logout'],
  ] as const
  const answers: Promise<Exchange>[] = []
  for (let count = 0; count < seconds * 10; count += 1) {
    const [method, path] = requests[count % requests.length]!
    answers.push(ask(b, method, path, person.token))
    await sleep(100)
  }
  return Promise.all(answers)
}

/** Nobody is let in or kept waiting while nothing tells who they are, and the instance knows itself to be alive. */
async function expectUnavailable(stage: Stage): Promise<void> {
  const [answers, healths] = await Promise.all([askOften(stage, 3), askHealth(stage.b)])
  expect(answers).toHaveLength(30)
  expect(answers.filter(({ status }) => status !== 503)).toEqual([])
  expect(answers.filter(({ took }) => took > 5000)).toEqual([])
  expect(healths.filter(({ status, took }) => status !== 200 || took > 1000)).toEqual([])
  expect((await ask(stage.b, 'GET', '/ready', '')).status).toBe(503)
}

async function askHealth(api: Api): Promise<Exchange[]> {
  const answers: Exchange[] = []
  for (let count = 0; count < 6; count += 1, await sleep(450)) answers.push(await ask(api, 'GET', '/health', ''))
  return answers
}

describe('an instance and its database', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await build()
  })
  afterAll(() => stage.close())

  test('FLT-02 survives that its connections are killed again and again', async () => {
    const { a, b, person } = stage
    const statuses = new Set<number>()
    for (let round = 0; round < 15; round += 1) {
      const killed = a.database.query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
      )
      const asked = Array.from({ length: 8 }, () => use(b, person.token))
      for (const status of await Promise.all(asked)) statuses.add(status)
      await killed
      await sleep(50)
    }
    expect([...statuses].filter((status) => status !== 200 && status !== 503)).toEqual([])
    await until(async () => (await use(b, person.token)) === 200)
    expect(b.log.map(({ msg }) => msg)).toContain('an idle database connection broke')
  })

  test('SES-07! FLT-03 FLT-07 answers 503 within 5 seconds while the database says nothing, and then goes on', async () => {
    const { b, way, person } = stage
    expect(await use(b, person.token)).toBe(200)
    way.hold()
    await expectUnavailable(stage)
    way.release()
    await until(async () => (await use(b, person.token)) === 200)
    await until(async () => (await ask(b, 'GET', '/ready', '')).status === 200)
  })
})

describeWithOwnRedis('an instance, its database and Redis', () => {
  let redis: TestRedis
  let stage: Stage
  beforeAll(async () => {
    redis = await startRedis()
    stage = await build(redis.url)
  })
  afterAll(async () => {
    await stage.close()
    await redis.stop()
  })

  test('SES-07! FLT-28 answers 503 within 5 seconds while both are frozen, and then goes on', async () => {
    const { b, way, person } = stage
    expect(await use(b, person.token)).toBe(200)
    redis.freeze()
    way.hold()
    await expectUnavailable(stage)
    way.release()
    redis.thaw()
    await until(async () => (await use(b, person.token)) === 200)
    await until(() => b.context.redis?.state().isUp === true)
  })
})
