import { startApi, type Api } from '../../support/api.ts'
import type { Answer } from '../../support/checkAnswer.ts'
import { signIn, signInAs, addPerson } from '../../support/people.ts'

interface Page {
  data: { id: string }[]
  page: { next_cursor: string | null; previous_cursor: string | null }
}
type Query = Record<string, string | number | boolean>

describe('listUsers while the list changes', () => {
  let api: Api
  let token: string
  beforeAll(async () => {
    api = await startApi()
    token = (await signInAs(api, 'admin')).token
  })
  afterAll(() => api.close())

  const list = (query: Query): Promise<Answer> => api.send('GET', '/v1/users', { token, query })
  const pageOf = async (query: Query): Promise<Page> => (await list(query)).body
  /** Inserts so many users of one moment. */
  const insert = (prefix: string, count: number) =>
    api.database.query<{ id: string }>(
      `INSERT INTO users (id, username, email, role, password_hash)
       SELECT gen_random_uuid(), $1 || n, $1 || n || '@example.com', 'moderator', 'x' FROM generate_series(1, $2) n
       RETURNING id`,
      [prefix, count],
    )
  async function walk(
    query: Query,
    between: (page: Page) => Promise<unknown> = () => Promise.resolve(),
  ): Promise<string[]> {
    const seen: string[] = []
    let page = await pageOf(query)
    for (;;) {
      seen.push(...page.data.map(({ id }) => id))
      await between(page)
      if (page.page.next_cursor === null) return seen
      page = await pageOf({ ...query, cursor: page.page.next_cursor })
    }
  }

  test.each(['created_at', '-created_at'])(
    'PAG-03! a thousand users of one moment are seen once each: %s',
    async (sort) => {
      const ids = (await insert(`same.${sort.slice(-4)}.${sort.length}.`, 1000)).map(({ id }) => id)
      const seen = await walk({ role: 'moderator', sort, limit: 100 })
      expect(new Set(seen).size).toBe(seen.length)
      expect(new Set(seen)).toEqual(new Set([...seen, ...ids]))
    },
  )

  test('PAG-03! one microsecond is a difference', async () => {
    const { id } = await addPerson(api)
    await api.database.query(
      `INSERT INTO users (id, username, email, password_hash, created_at)
       SELECT gen_random_uuid(), 'micro.' || n, 'micro.' || n || '@example.com', 'x', created_at + n * interval '1 microsecond'
       FROM users, generate_series(1, 9) n WHERE users.id = $1`,
      [id],
    )
    const seen = await walk({ role: 'user', sort: 'created_at', limit: 1 })
    expect(seen).toHaveLength(10)
    expect(seen[0]).toBe(id)
    const sorted = await api.database.query<{ id: string }>(
      `SELECT id FROM users WHERE role = 'user' ORDER BY created_at`,
    )
    expect(seen).toEqual(sorted.map((each) => each.id))
  })

  test('PAG-05 the next page is found although the row before it is gone', async () => {
    const query = { role: 'user', sort: 'created_at', limit: 3 }
    const expected = await walk(query)
    const first = await pageOf(query)
    await api.send('DELETE', `/v1/users/${first.data[2]!.id}`, { token })
    const second = await pageOf({ ...query, cursor: first.page.next_cursor! })
    expect(second.data.map(({ id }) => id)).toEqual(expected.slice(3, 6))
    const back = await pageOf({ ...query, cursor: second.page.previous_cursor! })
    expect(back.data.map(({ id }) => id)).toEqual(expected.slice(0, 2))
  })

  test('PAG-02! who was there all the time is seen exactly once, whoever comes and goes', async () => {
    const staying = (await insert('staying.', 60)).map(({ id }) => id)
    const leaving = (await insert('leaving.', 60)).map(({ id }) => id)
    let round = 0
    const seen = await walk({ role: 'moderator', limit: 100 }, async () => {
      round += 1
      const gone = leaving.splice(0, 5)
      await api.database.query('UPDATE users SET deleted_at = now() WHERE id = ANY ($1)', [gone])
      await insert(`coming.${round}.`, 5)
    })
    expect(round).toBeGreaterThan(10)
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen).toEqual(expect.arrayContaining(staying))
  })

  test('PAG-01! ABU-86 a cursor that was cut, edited or made for another list is refused', async () => {
    const query = { role: 'moderator', sort: 'created_at', limit: 5 }
    const cursor = (await pageOf(query)).page.next_cursor!
    const [payload, signature] = cursor.split('.')
    const forged = Buffer.from(JSON.stringify(['next', '1970-01-01T00:00:00Z', '0'])).toString('base64url')
    const wrong: Query[] = [
      { ...query, cursor: cursor.slice(0, -1) },
      { ...query, cursor: cursor.slice(1) },
      { ...query, cursor: payload! },
      { ...query, cursor: `${payload}.` },
      { ...query, cursor: `${cursor}.x` },
      { ...query, cursor: `${cursor}=` },
      { ...query, cursor: `${forged}.${signature}` },
      { ...query, cursor: `${payload}.${'A'.repeat(22)}` },
      { ...query, cursor: 'x' },
      { ...query, cursor, sort: '-created_at' },
      { ...query, cursor, role: 'user' },
      { ...query, cursor, is_active: true },
    ]
    for (const each of wrong) {
      const answer = await list(each)
      expect(answer.status).toBe(400)
      expect(answer.body).toMatchObject({ type: '/problems/invalid-cursor', errors: [{ in: 'query', name: 'cursor' }] })
    }
    expect((await list({ ...query, cursor: 'x'.repeat(1025) })).status).toBe(400)
    expect((await list({ ...query, cursor: '' })).status).toBe(400)
    expect((await list({ ...query, limit: 7, cursor })).status).toBe(200)
  })

  test('PAG-01! a cursor outlives the sign-in and serves whoever may read the list', async () => {
    const moderator = await addPerson(api, { role: 'moderator' })
    const first = await pageOf({ limit: 2 })
    const query = { limit: 2, cursor: first.page.next_cursor! }
    const theirs = await api.send('GET', '/v1/users', { token: (await signIn(api, moderator.username)).token, query })
    expect((theirs.body as Page).data).toEqual((await pageOf(query)).data)
  })
})
