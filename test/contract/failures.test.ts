import { contract, type OperationId } from '../../generated/contract.ts'
import { connect, type Db } from '../../src/db/database.ts'
import { createReadiness } from '../../src/jobs/probe.ts'
import { createMemoryCache } from '../../src/platform/cache.ts'
import { createSessionStates } from '../../src/security/sessionState.ts'
import { startApi, type Api } from '../support/api.ts'
import type { Answer } from '../support/checkAnswer.ts'
import { declaredResponses, operationIds } from '../support/contract.ts'
import { addPerson, signIn, signInAs } from '../support/people.ts'
import { absentId, addressOf, exampleBody, isGuarded, operationsWhere } from './requests.ts'

const declaring = (status: string) => operationsWhere((id) => status in declaredResponses(id))

function send(api: Api, id: OperationId, token: string, body: object = exampleBody(id)): Promise<Answer> {
  const [method, path] = addressOf(id)
  return api.send(method, path, { ...(isGuarded(id) ? { token } : {}), ...body })
}

describe('a broken database', () => {
  let api: Api
  let token: string
  beforeAll(async () => {
    api = await startApi({ env: { SIGNUP_ENABLED: 'true' } })
    token = (await signInAs(api, 'admin')).token
    const tables = ['users', 'sessions', 'refresh_tokens', 'mail_tokens', 'registrations', 'outbox', 'user_imports']
    for (const table of tables) {
      await api.database.query(`ALTER TABLE ${table} RENAME TO ${table}_elsewhere`)
    }
  })
  afterAll(() => api.close())

  test.each(declaring('500'))('HTP-20! ERR-01! %s answers 500, tells the log and nobody else', async (id) => {
    const lines = api.log.length
    const answer = await send(api, id, token)
    expect(answer.status).toBe(500)
    expect(answer.body).toEqual({
      type: '/problems/internal',
      title: 'Something went wrong on our side',
      status: 500,
      instance: addressOf(id)[1],
      request_id: answer.headers['x-request-id'],
    })
    expect(answer.text).not.toMatch(/relation|elsewhere|select|update|42P01|\.ts|node_modules/i)
    const failures = api.log.slice(lines).filter(({ err }) => err !== undefined)
    expect(failures).toMatchObject([{ level: 'error', request_id: answer.headers['x-request-id'] }])
    expect(failures[0]?.err).toMatchObject({ code: '42P01', stack: expect.any(Array) as unknown })
  })
})

describe('a database that does not answer', () => {
  let api: Api
  let token: string
  let nowhere: Db
  beforeAll(async () => {
    // Port 1 is reserved (RFC 6335 section 6); nothing listens there.
    nowhere = connect('postgres://nobody@127.0.0.1:1/nothing', { applicationName: 'test', poolSize: 2 }).db
    const sessions = createSessionStates(nowhere, createMemoryCache({ maxEntries: 1 }))
    api = await startApi({ env: { SIGNUP_ENABLED: 'true' }, overrides: () => ({ db: nowhere, sessions }) })
    token = await api.context.tokens.sign({ id: absentId, role: 'admin', sessionId: absentId })
  })
  afterAll(async () => {
    await api.close()
    await nowhere.destroy()
  })

  test.each(declaring('503').filter((id) => id !== 'getReadiness'))(
    '%s answers 503 and when to come back',
    async (id) => {
      const answer = await send(api, id, token)
      expect(answer.status).toBe(503)
      expect(answer.body).toMatchObject({ type: '/problems/unavailable', detail: 'The database does not answer.' })
      expect(answer.headers['retry-after']).toMatch(/^[1-9]\d*$/)
      expect(answer.text).not.toMatch(/127\.0\.0\.1|ECONNREFUSED|nobody/)
    },
  )

  test('getHealth is not concerned', async () => {
    expect((await send(api, 'getHealth', token)).status).toBe(200)
  })
})

describe('a service that is starting', () => {
  let api: Api
  let nowhere: Db
  beforeAll(async () => {
    nowhere = connect('postgres://nobody@127.0.0.1:1/nothing', { applicationName: 'test', poolSize: 2 }).db
    api = await startApi({ overrides: () => ({ db: nowhere, readiness: createReadiness(nowhere) }) })
  })
  afterAll(async () => {
    api.context.readiness.stop()
    await api.close()
    await nowhere.destroy()
  })

  test.each(declaring('503').filter((id) => id !== 'getReadiness'))(
    '%s answers 503 before anything else',
    async (id) => {
      const answer = await send(api, id, 'letmein', { query: 'surprise=1' })
      expect(answer.status).toBe(503)
      expect(answer.body).toMatchObject({ type: '/problems/unavailable' })
      expect(answer.headers['retry-after']).toMatch(/^[1-9]\d*$/)
    },
  )

  test('getHealth says that the process is alive, getReadiness what is missing', async () => {
    expect((await send(api, 'getHealth', '')).status).toBe(200)
    const readiness = await send(api, 'getReadiness', '')
    expect(readiness.status).toBe(503)
    const checks = { database: 'failing', migrations: 'pending', redis: 'unused', keys: 'ok', server: 'ok' }
    expect(readiness.body).toEqual({ status: 'unready', checks })
  })
})

describe('limits that are used up', () => {
  let api: Api
  let token: string
  let refreshToken: string
  beforeAll(async () => {
    const env = { RATE_LIMIT_AUTH_PER_MINUTE: '1', RATE_LIMIT_READS_PER_HOUR: '1', RATE_LIMIT_WRITES_PER_HOUR: '1' }
    api = await startApi({ env })
    const { username } = await addPerson(api, { role: 'admin' })
    const signedIn = await signIn(api, username)
    token = signedIn.token
    refreshToken = signedIn.refreshToken
  })
  afterAll(() => api.close())

  test.each(declaring('429').filter((id) => id !== 'refreshTokens'))(
    '%s answers 429 and when to come back',
    async (id) => {
      const sent = { ...exampleBody(id), isNoChange: 'perhaps' as const }
      const answers = [await send(api, id, token, sent), await send(api, id, token, sent)]
      const { status, headers, body } = answers[1]!
      expect([status, body]).toMatchObject([429, { type: '/problems/rate-limited' }])
      expect(headers['retry-after']).toMatch(/^[1-9]\d*$/)
      expect(headers['ratelimit-policy']).toMatch(new RegExp(`^"${contract[id].rateLimit}";q=1;w=(60|3600)$`))
      expect(headers.ratelimit).toMatch(new RegExp(`^"${contract[id].rateLimit}";r=0;t=${headers['retry-after']}$`))
    },
  )

  test('refreshTokens answers 429 once a session has been refreshed 30 times in a minute', async () => {
    const statuses: number[] = []
    for (let round = 0; round < 31; round += 1) {
      const answer = await api.send('POST', '/v1/auth/refresh', { body: { refresh_token: refreshToken } })
      statuses.push(answer.status)
      if (answer.status === 200) refreshToken = (answer.body as { refresh_token: string }).refresh_token
    }
    expect(statuses).toEqual([...Array<number>(30).fill(200), 429])
  })

  test('an operation without a limit has none', async () => {
    const unlimited = operationIds.filter((id) => contract[id].rateLimit === 'none')
    for (const id of unlimited) {
      for (const isNoChange of [false, id === 'logout']) {
        const answer = await send(api, id, token, { isNoChange })
        expect(answer.status).toBeLessThan(300)
        expect(answer.headers).not.toHaveProperty('ratelimit')
      }
    }
    expect(unlimited).not.toHaveLength(0)
  })
})
