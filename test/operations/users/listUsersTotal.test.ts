import { startApi, type Api } from '../../support/api.ts'
import { addCrowd, withSearchAfterwards } from '../../support/crowd.ts'
import { signInAs } from '../../support/people.ts'
import { userLists, type ListQuery, type UserLists } from '../../support/userLists.ts'

describe('include_total of listUsers', () => {
  let api: Api
  let lists: UserLists
  beforeAll(async () => {
    api = await startApi()
    lists = userLists(api, (await signInAs(api, 'admin')).token)
    await addCrowd(api, 20_000)
  }, 60_000)
  afterAll(() => api.close())

  const totalOf = async (query: ListQuery) => {
    const { total, total_is_estimate } = (await lists.pageOf({ ...query, include_total: true, limit: 1 })).page
    return { total, total_is_estimate }
  }
  const count = async (condition: string): Promise<number> => {
    const [row] = await api.database.query<{ count: string }>(`SELECT count(*) FROM users WHERE ${condition}`)
    return Number(row!.count)
  }

  test.each<[ListQuery, string]>([
    [{ role: 'admin' }, `role = 'admin' AND deleted_at IS NULL`],
    [{ is_active: false }, 'NOT is_active AND deleted_at IS NULL'],
    [{ deleted: 'only' }, 'deleted_at IS NOT NULL'],
    [
      { created_from: '2025-01-20T00:00:00Z', created_to: '2025-01-25T00:00:00Z' },
      `created_at >= '2025-01-20' AND created_at < '2025-01-25' AND deleted_at IS NULL`,
    ],
    [{ q: 'crowd.777' }, `username_key LIKE 'crowd.777%' AND deleted_at IS NULL`],
    [{ q: '王' }, `first_name = '王' AND deleted_at IS NULL`],
    [{ q: '王', deleted: 'include', role: 'user' }, `first_name = '王' AND role = 'user'`],
    [{ q: 'nobody at all' }, 'false'],
  ])('PAG-07 %j is counted', async (query, condition) => {
    const total = await count(condition)
    expect(total).toBeLessThanOrEqual(10_000)
    expect(await totalOf(query)).toEqual({ total, total_is_estimate: false })
  })

  test.each<[ListQuery, string]>([
    [{}, 'deleted_at IS NULL'],
    [{ is_active: true, deleted: 'include' }, 'is_active'],
    [{ q: 'crowd' }, 'deleted_at IS NULL'],
    [{ q: 'r' }, 'deleted_at IS NULL'],
    [{ created_from: '2025-01-05T00:00:00Z' }, `created_at >= '2025-01-05' AND deleted_at IS NULL`],
  ])('PAG-07 beyond 10,000 %j is estimated, and said to be', async (query, condition) => {
    const total = await count(condition)
    // Or the least that is ever said beyond 10,000 would be near enough.
    expect(0.75 * total).toBeGreaterThan(10_001)
    const given = await totalOf(query)
    expect(given.total_is_estimate).toBe(true)
    expect(given.total).toBeGreaterThan(10_000)
    expect(Math.abs(given.total! / total - 1)).toBeLessThan(0.25)
  })

  test('is exact at 10,000 and an estimate of at least 10,001 beyond', async () => {
    const ten = `SELECT id FROM users WHERE deleted_at IS NULL AND role <> 'moderator' ORDER BY id LIMIT 10000`
    await withSearchAfterwards(api, async () => {
      await api.database.query(`UPDATE users SET role = 'user' WHERE role = 'moderator'`)
      await api.database.query(`UPDATE users SET role = 'moderator' WHERE id IN (${ten})`)
    })
    expect(await totalOf({ role: 'moderator' })).toEqual({ total: 10_000, total_is_estimate: false })
    await api.database.query(`UPDATE users SET role = 'moderator' WHERE id IN (${ten.replace('10000', '1')})`)
    const beyond = await totalOf({ role: 'moderator' })
    expect(beyond.total_is_estimate).toBe(true)
    expect(beyond.total).toBeGreaterThan(10_000)
  })

  test('PAG-07 there is no total unless asked for', async () => {
    for (const query of [{}, { include_total: false }]) {
      expect(Object.keys((await lists.pageOf(query)).page)).toEqual(['limit', 'next_cursor', 'previous_cursor'])
    }
  })
})
