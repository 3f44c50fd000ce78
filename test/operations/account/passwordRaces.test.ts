import { startMailApi, newestToken, type MailApi } from '../../support/mailbox.ts'
import { addPerson, password, signIn, signInAs, type SignedIn } from '../../support/people.ts'

interface Person {
  id: string
  username: string
  email: string
}

/** Whoever signs in with the old password while it stops being good holds nothing afterwards. */
describe('login against what makes the password useless', () => {
  let api: MailApi
  let admin: SignedIn
  let hash: string
  beforeAll(async () => {
    api = await startMailApi()
    admin = await signInAs(api, 'admin')
    hash = await api.context.passwords.hash(password)
  })
  afterAll(() => api.close())

  const login = (identifier: string) => api.send('POST', '/v1/auth/login', { body: { identifier, password } })
  const setActive = (id: string, isActive: boolean) =>
    api.send('PATCH', `/v1/users/${id}`, { token: admin.token, body: { is_active: isActive } })
  const chosen = { new_password: 'eleven calm otters' }

  /** Makes ready what is needed and answers the request that will race. */
  type Prepare = (person: Person) => Promise<() => Promise<{ status: number }>>

  const changePassword: Prepare = async ({ username }) => {
    const { token } = await signIn(api, username)
    return () => api.send('PUT', '/v1/auth/password', { token, body: { current_password: password, ...chosen } })
  }
  const resetPassword: Prepare = async ({ email }) => {
    await api.ageMails('1 hour')
    await api.send('POST', '/v1/auth/password/forgot', { body: { email } })
    const token = await newestToken(api, email)
    return () => api.send('POST', '/v1/auth/password/reset', { body: { token, ...chosen } })
  }
  const setUserPassword: Prepare = ({ id }) =>
    Promise.resolve(() => api.send('PUT', `/v1/users/${id}/password`, { token: admin.token, body: chosen }))
  const deactivation: Prepare = ({ id }) => Promise.resolve(() => setActive(id, false))
  const deletion: Prepare = ({ id }) =>
    Promise.resolve(() => api.send('DELETE', `/v1/users/${id}`, { token: admin.token }))

  test.each([
    ['changePassword', 50, changePassword],
    ['deactivation', 50, deactivation],
    ['setUserPassword', 15, setUserPassword],
    ['resetPassword', 15, resetPassword],
    ['deletion', 15, deletion],
  ])(
    'PWD-05! AZ-18! %s: no session of before is alive afterwards, in %i rounds',
    async (name, rounds, prepare) => {
      let person: Person = await addPerson(api)
      for (let round = 0; round < rounds; round += 1) {
        const end = await prepare(person)
        const logins = Promise.all([login(person.username), login(person.email)])
        // Rounds differ in how far the logins are when the other comes.
        await new Promise((resolve) => setTimeout(resolve, round % 10))
        const [answers, ended] = await Promise.all([logins, end()])
        expect(ended.status).toBeLessThan(300)
        if (name === 'deactivation') await setActive(person.id, true)
        for (const { status, body } of answers) {
          expect([200, 401]).toContain(status)
          if (status !== 200) continue
          const { access_token: token, refresh_token: refreshToken } = body as Record<string, string>
          expect([round, (await api.send('GET', '/v1/auth/me', { token })).status]).toEqual([round, 401])
          const refresh = { body: { refresh_token: refreshToken } }
          expect((await api.send('POST', '/v1/auth/refresh', refresh)).status).toBe(401)
        }
        if (name === 'deletion') person = await addPerson(api)
        else await api.database.query('UPDATE users SET password_hash = $2 WHERE id = $1', [person.id, hash])
      }
    },
    120_000,
  )
})
