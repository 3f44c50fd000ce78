import { startApi, type Api } from '../../support/api.ts'
import { addCrowd } from '../../support/crowd.ts'
import { signInAs } from '../../support/people.ts'
import { userLists, type UserLists } from '../../support/userLists.ts'

const keys = {
  created_at: 'created_at',
  updated_at: 'updated_at',
  username: 'username_key',
  email: 'email_key',
  last_login_at: `coalesce(last_login_at, '-infinity')`,
}
const sorts = Object.entries(keys).flatMap(([sort, key]) => [
  { sort, order: `${key}, id` },
  { sort: `-${sort}`, order: `${key} DESC, id DESC` },
])

describe('the order of listUsers', () => {
  let api: Api
  let lists: UserLists
  beforeAll(async () => {
    api = await startApi()
    lists = userLists(api, (await signInAs(api, 'admin')).token)
    await addCrowd(api, 90)
  }, 60_000)
  afterAll(() => api.close())

  const expected = async (order: string, condition: string) =>
    (
      await api.database.query<{ username: string }>(`SELECT username FROM users WHERE ${condition} ORDER BY ${order}`)
    ).map(({ username }) => username)

  test.each(sorts)('PAG-01! PAG-03! there and back by $sort, equal values by id', async ({ sort, order }) => {
    const names = await expected(order, 'deleted_at IS NULL')
    expect(names.length).toBeGreaterThan(70)
    expect(await lists.walk({ sort, limit: 7 })).toEqual(names)
    expect(await lists.walkBack({ sort, limit: 7 })).toEqual(names)
  })

  test.each(sorts)('there and back by $sort with a term and deleted users', async ({ sort, order }) => {
    const query = { sort, q: 'CROWD.1', deleted: 'include', created_from: '2025-01-03T00:00:00Z', limit: 2 }
    const names = await expected(order, `username_key LIKE 'crowd.1%' AND created_at >= '2025-01-03'`)
    expect(names.length).toBeGreaterThan(7)
    expect(await lists.walk(query)).toEqual(names)
    expect(await lists.walkBack(query)).toEqual(names)
  })

  test('who never signed in counts as whoever did so longest ago', async () => {
    const { data } = await lists.pageOf({ sort: 'last_login_at', limit: 100 })
    const times = data.map(({ last_login_at }) => last_login_at)
    expect(times[0]).toBeNull()
    const first = times.findIndex((time) => time !== null)
    expect(times.slice(first)).toEqual(times.slice(first).sort())
    const last = (await lists.pageOf({ sort: '-last_login_at', limit: 100 })).data.at(-1)!
    expect(last.last_login_at).toBeNull()
  })

  test('names are in order whatever their case', async () => {
    const names = await lists.walk({ sort: 'username', q: 'crowd.', limit: 100 })
    expect(names.map((name) => name.toLowerCase())).toEqual(names.map((name) => name.toLowerCase()).sort())
    expect(new Set(names.map((name) => name[0]))).toEqual(new Set(['c', 'C']))
  })
})
