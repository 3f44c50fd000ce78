import type { PageRequest } from '../../../src/db/page.ts'
import { listUsers } from '../../../src/queries/userList.ts'
import { countUsers } from '../../../src/queries/userTotal.ts'
import { sortKeys, type UserFilters, type UserSort } from '../../../src/queries/userFilters.ts'
import { startApi, type Api } from '../../support/api.ts'
import { addCrowd, withSearchAfterwards } from '../../support/crowd.ts'
import { watch, type Watch } from '../../support/explain.ts'

const sorts = Object.keys(sortKeys) as UserSort[]
const limit = 20
const common = [{}, { role: 'user' }, { is_active: true }, { email_verified: false }, { deleted: 'include' }] as const
const rare = [
  { role: 'moderator' },
  { is_active: false },
  { deleted: 'only' },
  { role: 'admin', is_active: false },
] as const

describe('how listUsers finds its pages', () => {
  let api: Api
  let watched: Watch
  beforeAll(async () => {
    api = await startApi()
    await addCrowd(api, 20_000)
    // All but a hundredth alike, as people are.
    const alike = `UPDATE users SET role = 'user', is_active = true, deleted_at = NULL WHERE version = 1 AND right(username, 2) > '02'`
    await withSearchAfterwards(api, () => api.database.query(alike))
    await api.database.query('VACUUM ANALYZE users')
    watched = watch(api.database.url)
  }, 120_000)
  afterAll(async () => {
    await watched[Symbol.asyncDispose]()
    await api.close()
  })

  const page = (column: UserSort, others: Partial<PageRequest<UserSort>> = {}): PageRequest<UserSort> => ({
    ...{ column, order: 'asc', limit, direction: 'next', after: undefined },
    ...others,
  })
  const read = (filters: UserFilters, request: PageRequest<UserSort>) => listUsers(watched.db, filters, request)

  test.each(sorts)(
    'PAG-07 by %s a deep page reads as little as the first, with any filter',
    async (column) => {
      for (const filters of [...common, ...rare]) {
        const [first] = await watched.plansOf(() => read(filters, page(column)))
        const { rows: someOf } = await read(filters, page(column, { limit: 100 }))
        const middle = someOf[Math.floor(someOf.length / 2)]
        const place: [string, string] | undefined = middle && [middle.sort_key, middle.id]
        const deep = await watched.plansOf(() => read(filters, page(column, { after: place })))
        const last = await watched.plansOf(() => read(filters, page(column, { order: 'desc' })))
        for (const plan of [first!, ...deep, ...last]) {
          expect({ filters, isSequential: plan.isSequential }).toEqual({ filters, isSequential: false })
          expect(plan.rowsRead).toBeLessThanOrEqual(3 * limit)
        }
        expect(deep[0]!.indexes).toEqual(first!.indexes)
      }
    },
    60_000,
  )

  test('INP-16 what is rare is found by an index, whatever it is made of', async () => {
    for (const q of ['crowd.12345', 'ly unknown', '%%%', '☃', 'qx', 'ωψ', '12 345']) {
      const plans = await watched.plansOf(() => read({ q }, page('created_at')))
      expect({ q, sequential: plans.some(({ isSequential }) => isSequential) }).toEqual({ q, sequential: false })
      expect(plans.at(-1)!.indexes.some((index) => index.startsWith('users_search'))).toBe(true)
      expect(plans.at(-1)!.rowsRead).toBeLessThan(50)
    }
  })

  test('what is common is found by walking, without a look into the other index', async () => {
    const plans = await watched.plansOf(() => read({ q: 'crowd' }, page('email', { order: 'desc' })))
    expect(plans.map(({ indexes }) => indexes)).toEqual([['users_by_email']])
    expect(plans[0]!.rowsRead).toBeLessThanOrEqual(3 * limit)
  })

  test('what is common, but not at the beginning, is found by walking on', async () => {
    // Every second one, but none of the first 600 by name.
    await api.database.query(
      `UPDATE users SET first_name = 'Sprinkled', deleted_at = NULL
       WHERE username_key > 'crowd.106' AND substr(username, 7)::int % 2 = 1`,
    )
    await api.database.query('VACUUM ANALYZE users')
    const request = page('username', { limit: 5 })
    const plans = await watched.plansOf(() => read({ q: 'sprinkled' }, request))
    expect(plans.map(({ indexes }) => indexes)).toEqual([['users_by_username'], ['users_by_username']])
    const expected = await api.database.query<{ id: string }>(
      `SELECT id FROM users WHERE first_name = 'Sprinkled' ORDER BY username_key LIMIT 5`,
    )
    expect((await read({ q: 'sprinkled' }, request)).rows.map(({ id }) => id)).toEqual(expected.map(({ id }) => id))
  })

  test('counting reads no further than needed', async () => {
    const [counted] = await watched.plansOf(() => countUsers(watched.db, {}))
    expect(counted!.isSequential).toBe(false)
    expect(counted!.rowsRead).toBeLessThanOrEqual(10_100)
    const few = await watched.plansOf(() => countUsers(watched.db, { role: 'admin' }))
    expect(few).toHaveLength(1)
    expect(few[0]!.rowsRead).toBeLessThan(500)
  })
})
