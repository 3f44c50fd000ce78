import { randomUUID } from 'node:crypto'
import { purgeExpired } from '../../../src/jobs/purgeExpired.ts'
import { startApi, type Api } from '../../support/api.ts'
import { addPerson, password, signInAs, type SignedIn } from '../../support/people.ts'
import { createUnder, idOf, newAccount } from '../../support/retries.ts'

interface Attempt {
  on?: Api
  by?: SignedIn
  isReplay?: boolean
}

describe('the record of an Idempotency-Key', () => {
  let api: Api
  let admin: SignedIn
  beforeAll(async () => {
    api = await startApi()
    admin = await signInAs(api, 'admin')
  })
  afterAll(() => api.close())

  const create = (key: string, body: object, { on = api, by = admin, isReplay = false }: Attempt = {}) =>
    createUnder(key, body, { on, token: by.token, isReplay })
  const replay = (key: string, body: object, on = api) => create(key, body, { on, isReplay: true })
  const records = () =>
    api.database.query<Record<string, Buffer>>('SELECT * FROM idempotency_keys ORDER BY created_at, key_hash')

  test('IDM-05 what was refused leaves no record, and may be sent again, mended or not', async () => {
    const key = randomUUID()
    const count = (await records()).length
    const taken = await addPerson(api)
    const body = newAccount({ username: taken.username })
    for (const round of [1, 2]) {
      const answer = await create(key, body)
      expect([round, answer.status, answer.body]).toMatchObject([
        round,
        409,
        { errors: [{ pointer: '/username', code: 'taken' }] },
      ])
    }
    expect((await create(key, { ...body, password: 'passwordpassword' })).status).toBe(422)
    expect((await create(key, { ...body, email: 'none' })).status).toBe(400)
    expect((await create(key, body, { by: { ...admin, token: 'none' } })).status).toBe(401)
    expect((await create(key, body, { by: await signInAs(api, 'user') })).status).toBe(403)
    expect(await records()).toHaveLength(count)
    const mended = await create(key, newAccount())
    expect([mended.status, mended.headers['idempotent-replayed']]).toEqual([201, undefined])
  })

  test('IDM-05 the record shows neither key nor password nor answer', async () => {
    const [key, body] = [`key-${randomUUID()}`, newAccount({ last_name: 'Unmistakable' })]
    const answer = await create(key, body)
    const rows = await records()
    const bytes = Buffer.concat(rows.flatMap((row) => Object.values(row).filter((value) => value instanceof Buffer)))
    const words = [key, password, 'Unmistakable', idOf(answer), 'argon2']
    expect(words.filter((word) => bytes.includes(word))).toEqual([])
  })

  test('IDM-06 a replay is for those alone who may create users now', async () => {
    const [key, body] = [randomUUID(), newAccount()]
    const by = await signInAs(api, 'admin')
    await create(key, body, { by })
    const path = `/v1/users/${by.user.id}`
    await api.send('PATCH', path, { token: admin.token, body: { role: 'moderator' } })
    const demoted = await create(key, body, { by })
    expect([demoted.status, demoted.headers['idempotent-replayed']]).toEqual([403, undefined])
    await api.send('DELETE', path, { token: admin.token })
    expect((await create(key, body, { by })).status).toBe(401)
  })

  test('IDM-06 a replay counts as any request does', async () => {
    const limited = await startApi({ database: api.database, env: { RATE_LIMIT_WRITES_PER_HOUR: '2' } })
    const [key, body] = [randomUUID(), newAccount()]
    const first = await create(key, body, { on: limited })
    const second = await replay(key, body, limited)
    const third = await create(key, body, { on: limited })
    await limited.close()
    expect([first, second, third].map(({ status }) => status)).toEqual([201, 201, 429])
  })

  test('IDM-08 a key is forgotten after 24 hours by the clock of the database, and purged', async () => {
    const [key, body] = [randomUUID(), newAccount()]
    const age = (interval: string) =>
      api.database.query('UPDATE idempotency_keys SET created_at = created_at - $1::interval', [interval])
    await create(key, body)
    await age('23 hours 59 minutes')
    expect((await replay(key, body)).status).toBe(201)
    const kept = (await records()).length
    await age('1 minute')
    const changed = newAccount()
    const fresh = await create(key, changed)
    expect([fresh.status, fresh.headers['idempotent-replayed']]).toEqual([201, undefined])
    expect(idOf(await replay(key, changed))).toBe(idOf(fresh))
    expect(await records()).toHaveLength(kept)
    await purgeExpired(api.context)
    expect(await records()).toHaveLength(1)
    await age('25 hours')
    await purgeExpired(api.context)
    expect(await records()).toEqual([])
  })
})
