import { purgeDeletedUsers } from '../../../src/jobs/purgeDeletedUsers.ts'
import { startApi, type Api } from '../../support/api.ts'
import type { Answer } from '../../support/checkAnswer.ts'
import { signInAs, type SignedIn } from '../../support/people.ts'

const administrators = `SELECT id FROM users WHERE role = 'admin' AND is_active AND deleted_at IS NULL`

type Remove = (api: Api, by: SignedIn, whom: SignedIn) => Promise<Answer>

const patch =
  (body: object): Remove =>
  (api, by, whom) =>
    api.send('PATCH', `/v1/users/${whom.user.id}`, { token: by.token, body })

const ways: Record<string, Remove> = {
  demote: patch({ role: 'user' }),
  disable: patch({ is_active: false }),
  delete: (api, by, whom) => api.send('DELETE', `/v1/users/${whom.user.id}`, { token: by.token }),
  erase: (api, by, whom) => api.send('POST', `/v1/users/${whom.user.id}/erase`, { token: by.token }),
}

const names = Object.keys(ways)
/** Every way against every way, again and again. */
const rounds = Array.from({ length: 100 }, (_, round) => [
  names[round % 4] ?? '',
  names[Math.floor(round / 4) % 4] ?? '',
])

/** Two instances on one database, and a purge on both meanwhile. */
describe('two administrators who remove each other', () => {
  let one: Api
  let other: Api
  let first: SignedIn
  let second: SignedIn
  beforeAll(async () => {
    one = await startApi({ env: { DELETED_USER_RETENTION_DAYS: '1' } })
    other = await startApi({ database: one.database, env: { DELETED_USER_RETENTION_DAYS: '1' } })
    first = await signInAs(one, 'admin')
    second = await signInAs(one, 'admin')
  })
  afterAll(async () => {
    await other.close()
    await one.close()
  })

  test('AZ-07! a hundred rounds of demote, disable, delete, erase and purge leave an administrator each time', async () => {
    const counts: Record<string, number> = {}
    for (const [byFirst = '', bySecond = ''] of rounds) {
      const answers = await Promise.all([
        ways[byFirst]!(one, first, second),
        ways[bySecond]!(other, second, first),
        purgeDeletedUsers(one.context),
        purgeDeletedUsers(other.context),
      ])
      const [mine, theirs] = answers.slice(0, 2) as [Answer, Answer]
      const outcome = [mine, theirs].map(({ status }) => (status < 300 ? 'done' : String(status))).sort()
      // Whoever was late may have lost the right to ask, or the session, before the question was looked at.
      expect(['401,done', '403,done', '404,done', '409,done']).toContain(outcome.join())
      counts[outcome.join()] = (counts[outcome.join()] ?? 0) + 1
      const left = await one.database.query<{ id: string }>(administrators)
      expect(left).toHaveLength(1)
      // Whoever was deleted is overdue at once, for the purge of the next round.
      await one.database.query(`UPDATE users SET deleted_at = now() - interval '2 days' WHERE deleted_at IS NOT NULL`)
      const fresh = await signInAs(one, 'admin')
      if (left[0]?.id === first.user.id) second = fresh
      else first = fresh
    }
    expect(counts['409,done'] ?? 0).toBeGreaterThan(0)
  }, 120_000)
})
