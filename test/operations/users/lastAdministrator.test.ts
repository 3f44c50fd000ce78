import { startApi, type Api } from '../../support/api.ts'
import { signIn, signInAs, type SignedIn } from '../../support/people.ts'
import { countEvents } from '../../support/trail.ts'

const administrators = `SELECT id FROM users WHERE role = 'admin' AND is_active AND deleted_at IS NULL`

/** Two instances on one database. */
describe('the last active administrator', () => {
  let one: Api
  let other: Api
  let first: SignedIn
  let second: SignedIn
  beforeAll(async () => {
    one = await startApi()
    other = await startApi({ database: one.database })
    first = await signInAs(one, 'admin')
  })
  afterAll(async () => {
    await other.close()
    await one.close()
  })

  const { id, ...profile } = {
    id: (person: SignedIn) => person.user.id,
    first_name: null,
    last_name: null,
    role: 'user',
  }
  const waysOut: [string, (api: Api, by: SignedIn, whom: SignedIn) => ReturnType<Api['send']>][] = [
    [
      'demoted',
      (api, by, whom) => api.send('PATCH', `/v1/users/${id(whom)}`, { token: by.token, body: { role: 'user' } }),
    ],
    [
      'disabled',
      (api, by, whom) => api.send('PATCH', `/v1/users/${id(whom)}`, { token: by.token, body: { is_active: false } }),
    ],
    [
      'replaced',
      (api, by, { user }) => {
        const body = { ...profile, username: user.username, email: user.email, is_active: true }
        return api.send('PUT', `/v1/users/${user.id}`, { token: by.token, body })
      },
    ],
    ['deleted', (api, by, whom) => api.send('DELETE', `/v1/users/${id(whom)}`, { token: by.token })],
  ]

  test.each(waysOut)('AZ-06! AZ-07! cannot be %s, not even by themselves', async (_way, remove) => {
    const count = await countEvents(one)
    const answer = await remove(one, first, first)
    expect(answer.status).toBe(409)
    expect(answer.body).toMatchObject({ type: '/problems/last-admin' })
    expect(await one.database.query(administrators)).toHaveLength(1)
    expect(await countEvents(one)).toBe(count)
  })

  test('a disabled administrator does not count', async () => {
    const disabled = await signInAs(one, 'admin')
    await one.send('PATCH', `/v1/users/${disabled.user.id}`, { token: first.token, body: { is_active: false } })
    const answer = await one.send('PATCH', `/v1/users/${first.user.id}`, { token: first.token, body: { role: 'user' } })
    expect(answer.status).toBe(409)
  })

  test('AZ-07! CON-01! ABU-81 two who remove each other at once on two instances leave one, thirty times', async () => {
    second = await signInAs(one, 'admin')
    const both = [first, second]
    for (let round = 0; round < 30; round += 1) {
      const remove = waysOut[round % 3]![1]
      const [byFirst, bySecond] = await Promise.all([remove(one, first, second), remove(other, second, first)])
      const statuses = [byFirst.status, bySecond.status].sort()
      // Whoever was late may have lost the right to ask, or the session, before the question was looked at.
      expect([
        [200, 401],
        [200, 403],
        [200, 409],
      ]).toContainEqual(statuses)
      const left = await one.database.query<{ id: string }>(administrators)
      expect(left).toHaveLength(1)
      await one.database.query(`UPDATE users SET role = 'admin', is_active = true WHERE id = ANY ($1)`, [both.map(id)])
      for (const person of both) {
        const isSignedIn = (await one.send('GET', '/v1/auth/me', { token: person.token })).status === 200
        if (!isSignedIn) Object.assign(person, await signIn(one, person.user.username))
      }
    }
  }, 60_000)

  test('AZ-07! two who delete each other at once leave one', async () => {
    const [, remove] = waysOut[3]!
    const answers = await Promise.all([remove(one, first, second), remove(other, second, first)])
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1)
    expect(await one.database.query(administrators)).toHaveLength(1)
  })
})
