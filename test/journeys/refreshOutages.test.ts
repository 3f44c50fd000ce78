import { startApi, type Api } from '../support/api.ts'
import type { Answer } from '../support/checkAnswer.ts'
import { addPerson, signIn, signInAs, type SignedIn } from '../support/people.ts'
import { describeWithOwnRedis, startRedis, until, type TestRedis } from '../support/redis.ts'
import { use } from '../support/revocation.ts'

/** Two instances on one database and one Redis, which fails. Rotation without Redis is refreshRaces.test.ts. */
describeWithOwnRedis('refreshTokens on two instances while Redis', () => {
  let redis: TestRedis
  let instances: Api[]
  let admin: SignedIn
  beforeAll(async () => {
    redis = await startRedis()
    const one = await startApi({ env: { REDIS_URL: redis.url } })
    instances = [one, await startApi({ env: { REDIS_URL: redis.url }, database: one.database })]
    admin = await signInAs(one, 'admin')
  })
  afterAll(async () => {
    for (const api of instances.toReversed()) await api.close()
    await redis.stop()
  })

  const refresh = (api: Api, token: string): Promise<Answer> =>
    api.send('POST', '/v1/auth/refresh', { body: { refresh_token: token }, isNoChange: 'perhaps' })

  async function expectOneSuccessor(): Promise<void> {
    const { refreshToken } = await signInAs(instances[0]!, 'user')
    let token = refreshToken
    for (let round = 0; round < 3; round += 1) {
      const uses = Array.from({ length: 20 }, (_, index) => refresh(instances[index % 2]!, token))
      const answers = await Promise.all(uses)
      expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200))
      const successors = new Set(answers.map(({ body }) => (body as { refresh_token: string }).refresh_token))
      expect(successors.size).toBe(1)
      token = [...successors][0]!
    }
  }

  /** A refresh on one instance while the account is disabled on the other. */
  async function expectNoSurvivor(rounds: number): Promise<void> {
    const [one, other] = instances as [Api, Api]
    const { id, username } = await addPerson(one, { role: 'moderator' })
    const setActive = async (isActive: boolean) => {
      const sent = { token: admin.token, body: { is_active: isActive } }
      expect((await one.send('PATCH', `/v1/users/${id}`, sent)).status).toBe(200)
    }
    for (let round = 0; round < rounds; round += 1) {
      const { token, refreshToken } = await signIn(other, username)
      expect(await use(other, token)).toBe(200)
      const [answer] = await Promise.all([refresh(other, refreshToken), setActive(false)])
      const tokens = [token]
      if (answer.status === 200) {
        const pair = answer.body as { access_token: string; refresh_token: string }
        tokens.push(pair.access_token)
        expect((await refresh(other, pair.refresh_token)).status).toBe(401)
      }
      for (const each of tokens) expect([await use(other, each), await use(one, each)]).toEqual([401, 401])
      await setActive(true)
      for (const each of tokens) expect([await use(other, each), await use(one, each)]).toEqual([401, 401])
    }
  }

  const isUp = (expected: boolean) => () => instances.every(({ context }) => context.redis?.state().isUp === expected)

  test.each([
    ['is up', () => Promise.resolve()],
    ['is frozen', () => Promise.resolve(redis.freeze())],
    ['is dead', () => redis.kill()],
  ])('REF-03! REF-06! REF-09! %s: one successor, and none after the account is disabled', async (state, happen) => {
    await happen()
    await expectOneSuccessor()
    await expectNoSurvivor(17)
    expect(isUp(state === 'is up')()).toBe(true)
    redis.thaw()
    if (state === 'is dead') await redis.restart()
    await until(isUp(true))
  })
})
