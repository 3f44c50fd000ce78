import { setTimeout as sleep } from 'node:timers/promises'
import { startApi, type Api } from '../../support/api.ts'
import { addCrowd } from '../../support/crowd.ts'
import { signInAs } from '../../support/people.ts'
import { userLists, type ListQuery, type UserLists } from '../../support/userLists.ts'

/** Every 50 ms, and what the queries take, so many are added and so many removed: 200 of each a second. */
const batch = 15

describe('listUsers while many come and go', () => {
  let api: Api
  let lists: UserLists
  let staying: Set<string>
  beforeAll(async () => {
    api = await startApi()
    lists = userLists(api, (await signInAs(api, 'admin')).token)
    await addCrowd(api, 10_000)
    const rows = await api.database.query<{ username: string }>(
      `SELECT username FROM users WHERE username_key LIKE 'crowd.%' AND deleted_at IS NULL`,
    )
    staying = new Set(rows.map(({ username }) => username))
  }, 60_000)
  afterAll(() => api.close())

  /** Adds people all over the list, by name as by time, and deletes those who have been there longest, until told to stop. */
  async function churn(prefix: string, signal: AbortSignal): Promise<number> {
    let rounds = 0
    for (; !signal.aborted; rounds += 1) {
      await api.database.query(
        `INSERT INTO users (id, username, email, first_name, password_hash, created_at, updated_at, last_login_at)
         SELECT gen_random_uuid(), name, name || '@example.com', 'Crowd', 'x', moment, moment, moment
         FROM (SELECT substr(md5($1 || n), 1, 4) || '.' || $1 || n AS name,
                 timestamptz '2025-01-01' + (n * 7919 % 7200000) * interval '1 second' AS moment
               FROM generate_series($2::int, $2::int + ${batch - 1}) n) AS coming`,
        [prefix, rounds * batch],
      )
      await api.database.query(
        `UPDATE users SET deleted_at = now() WHERE id IN (
           SELECT id FROM users WHERE first_name = 'Crowd' AND deleted_at IS NULL ORDER BY created_at LIMIT ${batch})`,
      )
      await sleep(50)
    }
    return rounds
  }

  test.each<[string, ListQuery]>([
    ['a', { sort: 'created_at' }],
    ['b', { sort: '-created_at' }],
    ['c', { sort: 'username' }],
    ['d', { sort: '-email' }],
    ['e', { sort: 'last_login_at' }],
    ['f', { sort: '-updated_at', q: 'crowd' }],
  ])(
    'PAG-02! who is there all the time is seen exactly once (%s: %j)',
    async (prefix, query) => {
      const stop = new AbortController()
      const churning = churn(prefix, stop.signal)
      const seen = await lists.walk({ ...query, limit: 100 }).finally(() => stop.abort())
      expect(await churning).toBeGreaterThan(5)
      expect(new Set(seen).size).toBe(seen.length)
      const missed = [...staying].filter((name) => !seen.includes(name))
      expect(missed).toEqual([])
    },
    60_000,
  )
})
