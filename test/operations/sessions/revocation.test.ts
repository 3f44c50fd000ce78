import { contract } from '../../../generated/contract.ts'
import { addressOf, exampleBody, isGuarded, operationsWhere } from '../../contract/requests.ts'
import { startApi, type Api } from '../../support/api.ts'
import { addPerson, password, signIn, signInAs, type SignedIn } from '../../support/people.ts'

/** What is known of a session is remembered for a moment, so each token is used right before it is revoked. */
describe('revocation on one instance', () => {
  let api: Api
  let admin: SignedIn
  beforeAll(async () => {
    api = await startApi()
    admin = await signInAs(api, 'admin')
  })
  afterAll(() => api.close())

  const me = async (token: string) => (await api.send('GET', '/v1/auth/me', { token })).status
  const patch = (id: string, body: object) => api.send('PATCH', `/v1/users/${id}`, { token: admin.token, body })
  const refresh = (token: string) => api.send('POST', '/v1/auth/refresh', { body: { refresh_token: token } })

  const ends: [string, (person: SignedIn) => Promise<unknown>][] = [
    ['logout', ({ token }) => api.send('POST', '/v1/auth/logout', { token })],
    ['deactivation', ({ user }) => patch(user.id, { is_active: false })],
    ['deletion', ({ user }) => api.send('DELETE', `/v1/users/${user.id}`, { token: admin.token })],
    [
      'a new password',
      ({ user }) =>
        api.send('PUT', `/v1/users/${user.id}/password`, {
          token: admin.token,
          body: { new_password: 'calm otters 11' },
        }),
    ],
    [
      'being signed out by staff',
      ({ user }) => api.send('DELETE', `/v1/users/${user.id}/sessions`, { token: admin.token }),
    ],
    [
      'deactivation that is taken back at once',
      async ({ user }) => {
        await patch(user.id, { is_active: false })
        await patch(user.id, { is_active: true })
      },
    ],
    [
      'the reuse of a refresh token',
      async ({ refreshToken }) => {
        await refresh(refreshToken)
        await api.database.query(`UPDATE refresh_tokens SET spent_at = spent_at - interval '11 seconds'`)
        await refresh(refreshToken)
      },
    ],
  ]

  test.each(ends)('SES-05! REF-05! DEL-01! %s counts from the next request on', async (_name, end) => {
    const person = await signInAs(api, 'user')
    expect([await me(person.token), await me(person.token)]).toEqual([200, 200])
    await end(person)
    expect([await me(person.token), await me(person.token)]).toEqual([401, 401])
    expect((await refresh(person.refreshToken)).status).toBe(401)
  })

  test('SES-05! REF-08! a new role counts from the next request on', async () => {
    const person = await signInAs(api, 'user')
    const list = async () => (await api.send('GET', '/v1/users', { token: person.token })).status
    for (const [role, status] of [
      ['moderator', 200],
      ['user', 403],
      ['admin', 200],
      ['user', 403],
    ] as const) {
      await list()
      await patch(person.user.id, { role })
      expect([role, await list()]).toEqual([role, status])
    }
  })

  test('REF-07! a session ends at its time by the clock of the database', async () => {
    const { token, refreshToken, user } = await signInAs(api, 'user')
    await api.database.query(`UPDATE sessions SET expires_at = now() - interval '1 second' WHERE user_id = $1`, [
      user.id,
    ])
    expect([await me(token), (await refresh(refreshToken)).status]).toEqual([401, 401])
  })

  const guarded = operationsWhere((id) => isGuarded(id) && !contract[id].acceptsEndedSessions)
  test.each(guarded)('AZ-18! %s is closed to the disabled and the deleted', async (id) => {
    const [disabled, deleted] = [await signInAs(api, 'admin'), await signInAs(api, 'admin')]
    await patch(disabled.user.id, { is_active: false })
    await api.send('DELETE', `/v1/users/${deleted.user.id}`, { token: admin.token })
    for (const { token, user } of [disabled, deleted]) {
      const [method, path] = addressOf(id, user.id)
      const answer = await api.send(method, path, { token, ...exampleBody(id) })
      expect([answer.status, answer.body]).toMatchObject([401, { type: '/problems/invalid-token' }])
    }
  })

  test('AZ-18! who has registered and not verified the address has no way in', async () => {
    const person = await addPerson(api)
    const body = { username: 'not.yet.here', email: 'not.yet.here@example.com', password }
    const open = await startApi({ database: api.database, env: { SIGNUP_ENABLED: 'true' } })
    expect((await open.send('POST', '/v1/auth/register', { body })).status).toBe(202)
    const answers = []
    for (const identifier of [body.username, body.email]) {
      answers.push(await open.send('POST', '/v1/auth/login', { body: { identifier, password } }))
    }
    await open.close()
    expect(answers.map(({ status }) => status)).toEqual([401, 401])
    expect((await signIn(api, person.username)).user.id).toBe(person.id)
  })
})
