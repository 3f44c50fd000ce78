import { startApi, type Api } from '../../support/api.ts'
import { addCrowd } from '../../support/crowd.ts'
import { signInAs } from '../../support/people.ts'
import { namesOf, userLists, type ListQuery, type UserLists, type UserPage } from '../../support/userLists.ts'

/** Each value of each filter, and the condition it stands for. */
const filters: Record<string, [string | undefined, string][]> = {
  role: [
    [undefined, 'true'],
    ...['user', 'moderator', 'admin'].map((role): [string, string] => [role, `role = '${role}'`]),
  ],
  is_active: [
    [undefined, 'true'],
    ['true', 'is_active'],
    ['false', 'NOT is_active'],
  ],
  email_verified: [
    [undefined, 'true'],
    ['true', 'email_verified'],
    ['false', 'NOT email_verified'],
  ],
  deleted: [
    [undefined, 'deleted_at IS NULL'],
    ['include', 'true'],
    ['only', 'deleted_at IS NOT NULL'],
  ],
  created_from: [
    [undefined, 'true'],
    ['2025-01-11T02:00:00+02:00', `created_at >= '2025-01-11'`],
  ],
  created_to: [
    [undefined, 'true'],
    ['2025-01-31T00:00:00.000000Z', `created_at < '2025-01-31'`],
  ],
  q: [
    [undefined, 'true'],
    ['muller', `last_name = 'Müller'`],
  ],
}
const sorts = ['created_at', '-created_at', 'username', '-email', 'updated_at', '-last_login_at']

interface Combination {
  query: ListQuery
  conditions: string[]
}

/** Every combination of all values of all filters. */
const combinations = Object.entries(filters).reduce<Combination[]>(
  (all, [name, values]) =>
    all.flatMap(({ query, conditions }) =>
      values.map(([value, condition]) => ({
        query: value === undefined ? query : { ...query, [name]: value },
        conditions: [...conditions, condition],
      })),
    ),
  [{ query: {}, conditions: [] }],
)

describe('the filters of listUsers', () => {
  let api: Api
  let lists: UserLists
  let staff: UserLists
  beforeAll(async () => {
    api = await startApi()
    lists = userLists(api, (await signInAs(api, 'admin')).token)
    staff = userLists(api, (await signInAs(api, 'moderator')).token)
    await addCrowd(api, 840)
  }, 60_000)
  afterAll(() => api.close())

  test('are freely combined', async () => {
    expect(combinations).toHaveLength(864)
    const tested = combinations.filter((_, index) => index % 3 === 0)
    for (const [index, { query, conditions }] of tested.entries()) {
      const sent = { ...query, sort: sorts[index % sorts.length]!, limit: 100, include_total: true }
      const expected = await api.database.query<{ username: string }>(
        `SELECT username FROM users WHERE ${conditions.join(' AND ')}`,
      )
      const first = await lists.pageOf(sent)
      expect({ sent, total: first.page.total }).toEqual({ sent, total: expected.length })
      if (expected.length > 300) continue
      const seen = await lists.walk({ ...sent, include_total: false })
      expect({ sent, seen: seen.toSorted() }).toEqual({
        sent,
        seen: expected.map(({ username }) => username).toSorted(),
      })
    }
  }, 120_000)

  test('created_from is part of the span, created_to is not', async () => {
    const [{ created_at: moment }] = (await lists.pageOf({ q: 'crowd.10@' })).data as [UserPage['data'][0]]
    expect(namesOf(await lists.pageOf({ created_from: moment, sort: 'created_at', q: 'crowd.10@' }))).toEqual([
      'crowd.10',
    ])
    expect(namesOf(await lists.pageOf({ created_to: moment, q: 'crowd.10@' }))).toEqual([])
    expect(namesOf(await lists.pageOf({ created_to: moment.replace('000000Z', '000001Z'), q: 'crowd.10@' }))).toEqual([
      'crowd.10',
    ])
  })

  test.each(['include', 'only'])('AZ-12 deleted=%s is for administrators', async (deleted) => {
    const { data } = await lists.pageOf({ deleted, limit: 100 })
    expect(data.some((user) => typeof user.deleted_at === 'string')).toBe(true)
    expect(data.some((user) => user.deleted_at === null)).toBe(deleted === 'include')
    const refused = await staff.list({ deleted })
    expect(refused.status).toBe(403)
    expect(refused.body).toMatchObject({ type: '/problems/forbidden', errors: [{ in: 'query', name: 'deleted' }] })
  })

  test('AZ-12 nobody is shown when users were deleted where only the others are listed', async () => {
    for (const each of [lists, staff]) {
      const { data } = await each.pageOf({ deleted: 'exclude' })
      expect(data.filter((user) => 'deleted_at' in user)).toEqual([])
    }
  })

  test('AZ-12 a cursor into deleted users is of no use to others', async () => {
    const cursor = (await lists.pageOf({ deleted: 'only', limit: 1 })).page.next_cursor!
    expect((await staff.list({ deleted: 'only', limit: 1, cursor })).status).toBe(403)
    expect((await staff.list({ limit: 1, cursor })).body).toMatchObject({ type: '/problems/invalid-cursor' })
  })

  test.each([
    ...['infinity', '-infinity', 'now', 'today', 'tomorrow', 'epoch', '0', '1735689600', '2025-01-01'],
    ...['2025-01-01T00:00:00', '2025-01-01 00:00:00Z', '2025-02-30T00:00:00Z', '2025-01-01T25:00:00Z'],
    ...['1969-12-31T23:59:59Z', '0001-01-01T00:00:00Z', '10000-01-01T00:00:00Z', '2025-01-01T00:00:00+15:00'],
    ...['2025-01-01T00:00:00+99:99', '2025-01-01T00:00:00 BC', '2025-01-01T00:00:00.1234567890Z', ''],
  ])('INP-14! refuses the moment %j', async (moment) => {
    for (const name of ['created_from', 'created_to']) {
      const answer = await lists.list({ [name]: moment })
      expect([name, answer.status]).toEqual([name, 400])
      const { type, errors } = answer.body as { type: string; errors: object[] }
      expect(type).toBe('/problems/validation-failed')
      for (const error of errors) expect(error).toMatchObject({ in: 'query', name })
    }
  })

  test.each([
    '1970-01-01T00:00:00Z',
    '9999-12-31T23:59:59.999999-14:00',
    '2024-02-29T23:59:60Z',
    '2025-01-01T00:00:00.5+05:30',
  ])('INP-14! takes the moment %j', async (moment) => {
    expect((await lists.list({ created_from: moment, created_to: moment })).status).toBe(200)
  })

  test('a moment may stand in the query as it is, but for its plus sign', async () => {
    expect(
      (await lists.list('created_from=2025-01-01T00:00:00-02:00&created_to=2025-01-01T00:00:00%2B02:00')).status,
    ).toBe(200)
    expect((await lists.list('created_from=2025-01-01T00:00:00+02:00')).status).toBe(400)
  })

  test('PAG-06 Link keeps every filter, encoded', async () => {
    const query = {
      ...{ sort: '-email', limit: 2, q: "o'b & é+/%", role: 'user', is_active: true, email_verified: true },
      ...{ created_from: '2025-01-01T00:00:00+02:00', created_to: '2026-01-01T00:00:00Z', deleted: 'include' },
    }
    await api.database
      .query(`UPDATE users SET last_name = 'O''B & E+/% ' || id, is_active = true, email_verified = true, role = 'user'
      WHERE username_key LIKE 'crowd.1_'`)
    const links = (await lists.list(query)).headers.link!
    const next = /<([^>]*)>; rel="next"/.exec(links)![1]!
    expect(Object.fromEntries(new URLSearchParams(next.split('?')[1]))).toMatchObject(
      Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)])),
    )
    const followed = await lists.list(next.split('?')[1])
    expect(followed.status).toBe(200)
    expect((followed.body as UserPage).data).toHaveLength(2)
  })
})
