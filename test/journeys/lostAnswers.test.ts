import { randomInt, randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startApi, type Api } from '../support/api.ts'
import { startFaultProxy } from '../support/faultProxy.ts'
import { signInAs, type SignedIn } from '../support/people.ts'
import { createUnder, idOf, newAccount } from '../support/retries.ts'
import { startService } from '../support/serviceProcess.ts'

const secret = 'Tq8vZs3nYw5rLk1mXc7bPd2hGj9fAe4uRi6oSxNtVyBz'
const unlimited = { RATE_LIMIT_AUTH_PER_MINUTE: '0', RATE_LIMIT_WRITES_PER_HOUR: '0', RATE_LIMIT_READS_PER_HOUR: '0' }
const rounds = 6

describe('a creation whose answer is lost', () => {
  let api: Api
  let admin: SignedIn
  beforeAll(async () => {
    api = await startApi({ env: { JWT_SECRET: secret } })
    admin = await signInAs(api, 'admin')
  })
  afterAll(() => api.close())

  const retry = (key: string, body: object) =>
    createUnder(key, body, { on: api, token: admin.token, isReplay: 'perhaps' })

  /** How many users have the name, events tell of them and records answer for all keys. */
  async function countTraces({ username }: { username: string }) {
    const [row] = await api.database.query<{ users: number; events: number; records: number }>(
      `SELECT count(DISTINCT u.id)::integer AS users, count(e.id)::integer AS events,
         (SELECT count(*)::integer FROM idempotency_keys) AS records
       FROM users u LEFT JOIN audit_events e ON e.subject_id = u.id WHERE u.username = $1`,
      [username],
    )
    return row!
  }

  test('IDM-04! LAB-24 the COMMIT happens and nobody hears of it: the retry gets the original 201', async () => {
    const way = await startFaultProxy(api.database.url)
    const b = await startApi({ env: { JWT_SECRET: secret }, database: { ...api.database, url: way.url } })
    const [key, body] = [randomUUID(), newAccount()]
    way.holdAnswersTo('commit\0')
    const lost = await createUnder(key, body, { on: b, token: admin.token })
    expect([lost.status, lost.body]).toMatchObject([503, { type: '/problems/unavailable' }])
    expect(await countTraces(body)).toMatchObject({ users: 1, events: 1, records: 1 })
    way.release()
    for (const on of [b, api]) {
      const again = await createUnder(key, body, { on, token: admin.token, isReplay: true })
      expect([again.status, again.headers['idempotent-replayed']]).toEqual([201, 'true'])
      expect(await api.database.query('SELECT id FROM users WHERE username = $1', [body.username])).toEqual([
        { id: idOf(again) },
      ])
    }
    await b.close()
    await way.close()
  })

  test.each(['users', 'audit_events', 'idempotency_keys'])(
    'IDM-02! where %s cannot be written nothing is; then the retry does all of it',
    async (table) => {
      const [key, body] = [randomUUID(), newAccount()]
      const before = await countTraces(body)
      await api.database.query(`REVOKE INSERT ON ${table} FROM user_management_app`)
      const refused = await createUnder(key, body, { on: api, token: admin.token })
      await api.database.query(`GRANT INSERT ON ${table} TO user_management_app`)
      expect(refused.status).toBe(503)
      expect(await countTraces(body)).toEqual(before)
      const again = await createUnder(key, body, { on: api, token: admin.token })
      expect([again.status, again.headers['idempotent-replayed']]).toEqual([201, undefined])
      expect(await countTraces(body)).toEqual({ users: 1, events: 1, records: before.records + 1 })
    },
  )

  test('IDM-02! IDM-07 FLT-30 the service is killed while it writes: a retry completes each creation exactly once', async () => {
    const env = { ...unlimited, ENVIRONMENT: 'test', JWT_SECRET: secret, DATABASE_URL: api.database.url }
    const folder = await mkdtemp(join(tmpdir(), 'user-management-killed-'))
    for (let round = 0; round < rounds; round += 1) {
      const service = await startService(folder, env)
      await service.until(200)
      const creations = Array.from({ length: 10 }, () => ({ key: randomUUID(), body: newAccount() }))
      const headers = { authorization: `Bearer ${admin.token}`, 'content-type': 'application/json' }
      const sent = creations.map(({ key, body }) =>
        service.ask('/v1/users', {
          ...{ method: 'POST', headers: { ...headers, 'idempotency-key': key }, body: JSON.stringify(body) },
        }),
      )
      await sleep(randomInt(0, 200))
      service.child.kill('SIGKILL')
      await service.exited
      const answers = await Promise.all(sent)
      for (const [index, { key, body }] of creations.entries()) {
        const heard = answers[index]
        const again = await retry(key, body)
        expect(again.status).toBe(201)
        if (heard) expect([heard.status, await heard.json().catch(() => again.body)]).toEqual([201, again.body])
        expect(await countTraces(body)).toMatchObject({ users: 1, events: 1 })
        const [user] = await api.database.query('SELECT id FROM users WHERE username = $1', [body.username])
        expect(user).toEqual({ id: idOf(again) })
      }
    }
    await rm(folder, { recursive: true })
    const [left] = await api.database.query<{ records: number; users: number }>(
      `SELECT (SELECT count(*) FROM idempotency_keys)::integer AS records,
         (SELECT count(*) FROM users WHERE username LIKE 'keyed.%')::integer AS users`,
    )
    expect(left!.records).toBe(left!.users)
  }, 180_000)
})
