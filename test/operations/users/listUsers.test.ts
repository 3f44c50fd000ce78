import { startApi, type Api } from '../../support/api.ts'
import type { Answer } from '../../support/checkAnswer.ts'
import { addPerson, signIn, signInAs, type SignedIn } from '../../support/people.ts'

interface Page {
  data: { id: string; username: string; role: string; is_active: boolean; created_at: string }[]
  page: { limit: number; next_cursor: string | null; previous_cursor: string | null }
}

describe('listUsers', () => {
  let api: Api
  let admin: SignedIn
  let newestFirst: string[]
  beforeAll(async () => {
    api = await startApi()
    admin = await signInAs(api, 'admin')
    const people = [admin.user]
    for (let count = 0; count < 24; count += 1)
      people.push(await addPerson(api, { role: count % 8 === 0 ? 'moderator' : 'user' }))
    newestFirst = people.map(({ username }) => username).reverse()
    for (const { id } of people.slice(-5)) {
      await api.send('PATCH', `/v1/users/${id}`, { token: admin.token, body: { is_active: false } })
    }
  }, 60_000)
  afterAll(() => api.close())

  const list = (query: Record<string, string | number | boolean> = {}): Promise<Answer> =>
    api.send('GET', '/v1/users', { token: admin.token, query })
  const pageOf = async (query: Record<string, string | number | boolean> = {}): Promise<Page> =>
    (await list(query)).body
  const names = ({ data }: Page) => data.map(({ username }) => username)
  const follow = (query: Record<string, string | number>, cursor: string | null) =>
    pageOf({ ...query, cursor: cursor! })

  test('PAG-04 answers twenty, newest first, and no cursor beyond the ends', async () => {
    const first = await pageOf()
    expect(first.page).toMatchObject({ limit: 20, previous_cursor: null, next_cursor: expect.any(String) as string })
    expect(names(first)).toEqual(newestFirst.slice(0, 20))
    const last = await follow({}, first.page.next_cursor)
    expect(last.page).toMatchObject({ next_cursor: null, previous_cursor: expect.any(String) as string })
    expect(names(last)).toEqual(newestFirst.slice(20))
    expect((await pageOf({ limit: 100 })).page).toEqual({ limit: 100, next_cursor: null, previous_cursor: null })
    expect((await pageOf({ limit: 25 })).page.next_cursor).toBeNull()
    expect((await pageOf({ limit: 24 })).page.next_cursor).not.toBeNull()
  })

  test.each(['-created_at', 'created_at'])('PAG-01! walks there and back the same way: %s', async (sort) => {
    const expected = sort === '-created_at' ? newestFirst : [...newestFirst].reverse()
    const query = { sort, limit: 7 }
    const pages = [await pageOf(query)]
    while (pages.at(-1)!.page.next_cursor) pages.push(await follow(query, pages.at(-1)!.page.next_cursor))
    expect(pages.map(names)).toEqual([0, 7, 14, 21].map((at) => expected.slice(at, at + 7)))
    const back = [pages.at(-1)!]
    while (back[0]!.page.previous_cursor) back.unshift(await follow(query, back[0]!.page.previous_cursor))
    expect(back.map(names)).toEqual(pages.map(names))
    expect(back[0]!.page).toMatchObject({ previous_cursor: null, next_cursor: expect.any(String) as string })
  })

  test('filters by role and state, alone and together', async () => {
    expect((await pageOf({ role: 'moderator' })).data.map(({ role }) => role)).toEqual(Array(3).fill('moderator'))
    expect(names(await pageOf({ is_active: false }))).toEqual(newestFirst.slice(0, 5))
    expect(names(await pageOf({ is_active: true, limit: 100 }))).toEqual(newestFirst.slice(5))
    expect((await pageOf({ role: 'admin', is_active: false })).data).toEqual([])
    const first = await pageOf({ role: 'user', limit: 3 })
    const second = await follow({ role: 'user', limit: 3 }, first.page.next_cursor)
    expect(new Set([...first.data, ...second.data].map(({ role }) => role))).toEqual(new Set(['user']))
  })

  test('PAG-06 Link names the first page and the neighbours, with the filters', async () => {
    const query = { role: 'user', limit: 5, sort: 'created_at' }
    const first = linksOf(await list(query))
    expect(Object.keys(first)).toEqual(['first', 'next'])
    const second = await api.send('GET', '/v1/users', { token: admin.token, query: first.next!.split('?')[1]! })
    const links = linksOf(second)
    expect(Object.keys(links)).toEqual(['first', 'prev', 'next'])
    for (const link of Object.values(links)) {
      expect(link.startsWith('/v1/users?')).toBe(true)
      expect(Object.fromEntries(new URLSearchParams(link.split('?')[1]))).toMatchObject({
        role: 'user',
        limit: '5',
        sort: 'created_at',
      })
    }
    const { previous_cursor: previous } = (second.body as Page).page
    expect(new URLSearchParams(links.prev!.split('?')[1]).get('cursor')).toBe(previous)
    expect(new URLSearchParams(links.first!.split('?')[1]).has('cursor')).toBe(false)
  })

  test('HEAD answers the headers of GET, compressed or not, and no body', async () => {
    for (const encoding of ['identity', 'gzip']) {
      const sent = { token: admin.token, headers: { 'accept-encoding': encoding } }
      const [get, head] = [await api.send('GET', '/v1/users', sent), await api.send('HEAD', '/v1/users', sent)]
      expect([head.status, head.text]).toEqual([200, ''])
      expect(withoutDifferences(head.headers)).toEqual(withoutDifferences(get.headers))
      expect(get.headers['content-encoding']).toBe(encoding === 'gzip' ? 'gzip' : undefined)
    }
  })

  test.each(['limit=0', 'limit=-1', 'limit=101', 'limit=1e1', 'limit=0x10', 'limit=', 'limit=1&limit=2'])(
    'INP-12 ABU-85 refuses %s',
    async (query) => {
      const answer = await api.send('GET', '/v1/users', { token: admin.token, query })
      expect(answer.status).toBe(400)
      expect(answer.body).toMatchObject({ type: '/problems/validation-failed', errors: [{ in: 'query' }] })
    },
  )

  test.each([
    'limit[]=1',
    'sort=password_hash',
    'sort=id',
    'role=root',
    'is_active=1',
    'sort=search_text',
    'sort=--email',
    'email=victim@example.com',
    'password_hash=x',
    'fields=password_hash',
    'deleted=all',
    'include_deleted=true',
    'is_active=TRUE',
    'q=',
    `q=${'x'.repeat(101)}`,
    'q=a%00b',
    'q=a%0Ab',
  ])('AZ-11 refuses %s', async (query) => {
    expect((await api.send('GET', '/v1/users', { token: admin.token, query })).status).toBe(400)
  })

  test('a moderator sees the same, a user nothing', async () => {
    const user = await signIn(api, newestFirst.at(-3)!)
    const moderator = await signIn(api, newestFirst.at(-2)!)
    const seen = await api.send('GET', '/v1/users', { token: moderator.token })
    expect(names(seen.body)).toEqual(newestFirst.slice(0, 20))
    expect((await api.send('GET', '/v1/users', { token: user.token })).status).toBe(403)
  })
})

function linksOf({ headers }: Answer): Record<string, string> {
  const parts = headers.link!.split(', ').map((link) => /^<([^>]*)>; rel="(\w+)"$/.exec(link)!)
  return Object.fromEntries(parts.map(([, target = '', relation = '']) => [relation, target]))
}

/** An answer to HEAD need not say how a body would have been framed (RFC 9110 section 9.3.2). */
function withoutDifferences(headers: Record<string, string>): object {
  const differing = ['date', 'x-request-id', 'transfer-encoding']
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !differing.includes(name)))
}
