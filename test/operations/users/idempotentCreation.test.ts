import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { startApi, type Api } from '../../support/api.ts'
import { signInAs, type SignedIn } from '../../support/people.ts'
import { createUnder, idOf, newAccount } from '../../support/retries.ts'
import { countEvents } from '../../support/trail.ts'

interface Attempt {
  on?: Api
  by?: SignedIn
  isReplay?: boolean | 'perhaps'
}

/** Two instances on one database. */
describe('a creation under an Idempotency-Key', () => {
  let api: Api
  let other: Api
  let admin: SignedIn
  beforeAll(async () => {
    api = await startApi()
    other = await startApi({ database: api.database })
    admin = await signInAs(api, 'admin')
  })
  afterAll(async () => {
    await other.close()
    await api.close()
  })

  const create = (key: string, body: object, { on = api, by = admin, isReplay = false }: Attempt = {}) =>
    createUnder(key, body, { on, token: by.token, isReplay })
  const replay = (key: string, body: object, on = api) => create(key, body, { on, isReplay: true })
  const usersNamed = (body: Record<string, unknown>) =>
    api.database.query('SELECT id FROM users WHERE username = $1', [body.username])

  test('IDM-01! the same request again gets the stored answer, says so, and does nothing', async () => {
    const [key, body] = [randomUUID(), newAccount({ first_name: 'Jane' })]
    const first = await create(key, body)
    expect([first.status, first.headers['idempotent-replayed']]).toEqual([201, undefined])
    const count = await countEvents(api)
    for (const on of [api, other]) {
      const again = await replay(key, Object.fromEntries(Object.entries(body).reverse()), on)
      expect([again.status, again.text]).toEqual([201, first.text])
      for (const name of ['location', 'etag', 'content-type', 'cache-control'])
        expect(again.headers[name]).toBe(first.headers[name])
      expect(again.headers['idempotent-replayed']).toBe('true')
    }
    expect(await countEvents(api)).toBe(count)
    expect(await usersNamed(body)).toEqual([{ id: idOf(first) }])
  })

  test('IDM-01! the answer is that of before, whatever has become of the user', async () => {
    const [key, body] = [randomUUID(), newAccount()]
    const first = await create(key, body)
    await api.send('DELETE', first.headers.location!, { token: admin.token })
    const again = await replay(key, body)
    expect([again.status, again.text]).toEqual([201, first.text])
    expect((await api.send('GET', first.headers.location!, { token: admin.token })).status).toBe(404)
    expect(await usersNamed(body)).toHaveLength(1)
  })

  test('a key in quotes is the key', async () => {
    const body = newAccount()
    const key = 'say~ok!'
    const first = await create(`"${key}"`, body)
    expect(idOf(await replay(key, body))).toBe(idOf(first))
    const [awkward, another] = [newAccount(), newAccount()]
    const escaped = await create(String.raw`"a\"b\\c"`, awkward)
    expect(idOf(await replay(String.raw`"a\"b\\c"`, awkward))).toBe(idOf(escaped))
    expect((await create('x'.repeat(255), another)).status).toBe(201)
    expect((await replay(`"${'x'.repeat(255)}"`, another)).status).toBe(201)
  })

  test('without a key, or with another, the same request is another', async () => {
    const body = newAccount()
    expect((await create(randomUUID(), body)).status).toBe(201)
    expect((await create(randomUUID(), body)).status).toBe(409)
    expect((await api.send('POST', '/v1/users', { token: admin.token, body })).status).toBe(409)
  })

  test.each([
    ['another body', { first_name: 'Joan' }],
    ['another password', { password: 'eleven calm otters on a raft' }],
    ['a property less', { last_name: undefined }],
  ])('IDM-03! the key with %s is a 422 that names it, and creates nothing', async (_what, changes) => {
    const [key, body] = [randomUUID(), newAccount({ last_name: 'Roe' })]
    await create(key, body)
    const count = await countEvents(api)
    const answer = await create(key, { ...body, ...changes })
    expect([answer.status, answer.body]).toMatchObject([
      422,
      { type: '/problems/idempotency-key-reused', errors: [{ in: 'header', name: 'Idempotency-Key', code: 'reused' }] },
    ])
    expect(answer.text).not.toContain(key)
    expect(await countEvents(api)).toBe(count)
    expect((await replay(key, body)).status).toBe(201)
  })

  test('IDM-03! the key of somebody else is just a new one', async () => {
    const key = randomUUID()
    const [mine, theirs] = [newAccount(), newAccount()]
    const colleague = await signInAs(api, 'admin')
    const first = await create(key, mine)
    const second = await create(key, theirs, { by: colleague })
    expect([second.status, second.headers['idempotent-replayed']]).toEqual([201, undefined])
    expect((await create(key, mine, { by: colleague })).status).toBe(422)
    expect(idOf(await replay(key, mine))).toBe(idOf(first))
    const known = await create(randomUUID(), mine, { by: colleague })
    expect([known.status, known.headers['idempotent-replayed']]).toEqual([409, undefined])
  })

  test('IDM-03! of ten at once on two instances one runs and nine wait for its answer', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [key, body] = [randomUUID(), newAccount()]
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          create(key, body, { on: index % 2 === 0 ? api : other, isReplay: 'perhaps' }),
        ),
      )
      expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(201))
      expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
      expect(answers.filter(({ headers }) => headers['idempotent-replayed'] === undefined)).toHaveLength(1)
      expect(await usersNamed(body)).toHaveLength(1)
    }
  })

  test('IDM-03! who has waited long enough for the first is told that it still runs', async () => {
    const [key, body] = [randomUUID(), newAccount()]
    await create(key, body)
    const holder = new pg.Client({ connectionString: api.database.url })
    await holder.connect()
    await holder.query(`SELECT pg_advisory_lock(hashtext('idempotency_keys'), hashtext(encode(key_hash, 'hex')))
      FROM idempotency_keys`)
    const answer = await create(key, body, { on: other })
    await holder.end()
    expect([answer.status, answer.body]).toMatchObject([
      409,
      { type: '/problems/conflict', errors: [{ in: 'header', name: 'Idempotency-Key', code: 'in-progress' }] },
    ])
    expect((await replay(key, body)).status).toBe(201)
  })
})
