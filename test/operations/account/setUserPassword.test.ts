import { startMailApi, type MailApi } from '../../support/mailbox.ts'
import { addPerson, password, signIn, signInAs, type SignedIn } from '../../support/people.ts'
import { eventsOf, storedUser } from '../../support/trail.ts'

const absentId = '0199d8b2-5f1e-7c3a-9d6e-2b8f4a1c7e55'
const newPassword = 'eleven calm otters'

describe('setUserPassword', () => {
  let api: MailApi
  let admin: SignedIn
  beforeAll(async () => {
    api = await startMailApi()
    admin = await signInAs(api, 'admin')
  })
  afterAll(() => api.close())

  const set = (token: string, id: string, chosen = newPassword) =>
    api.send('PUT', `/v1/users/${id}/password`, { token, body: { new_password: chosen } })
  const me = async (token: string) => (await api.send('GET', '/v1/auth/me', { token })).status
  const login = async (identifier: string, chosen: string) =>
    (await api.send('POST', '/v1/auth/login', { body: { identifier, password: chosen } })).status

  test('PWD-14! sets the password, ends every session of the user and tells them', async () => {
    const person = await signInAs(api, 'user')
    const other = await signIn(api, person.user.username)
    expect([await me(person.token), await me(other.token)]).toEqual([200, 200])
    const answer = await set(admin.token, person.user.id)
    expect([answer.status, answer.text]).toEqual([204, ''])
    expect([await me(person.token), await me(other.token), await me(admin.token)]).toEqual([401, 401, 200])
    expect([await login(person.user.email, password), await login(person.user.email, newPassword)]).toEqual([401, 200])
    const events = await eventsOf(api, answer)
    expect(events.map(({ action }) => action)).toEqual(['password.set', 'session.ended', 'session.ended'])
    expect(events[0]).toMatchObject({ actor_id: admin.user.id, subject_id: person.user.id, changes: {} })
    const [mail] = await api.mailsTo(person.user.email)
    expect(mail?.subject).toMatch(/^The password .* was changed$/)
    expect(`${mail?.text}${mail?.html}`).not.toContain(newPassword)
  })

  test('PWD-13! nobody sets the own password in this way, without the current one', async () => {
    const { token, user } = await signInAs(api, 'admin')
    const answer = await set(token, user.id)
    expect([answer.status, answer.body]).toMatchObject([403, { type: '/problems/forbidden' }])
    expect([await me(token), await login(user.username, password)]).toEqual([200, 200])
  })

  test('is for administrators, and says nothing to others of who exists', async () => {
    for (const role of ['user', 'moderator'] as const) {
      const { token, user } = await signInAs(api, role)
      const other = await addPerson(api)
      const answers = [await set(token, other.id), await set(token, absentId), await set(token, user.id)]
      expect(answers.map(({ status }) => status)).toEqual([403, 403, 403])
      expect(await login(other.username, password)).toBe(200)
    }
  })

  test('PWD-15 no other operation takes the password of a user', async () => {
    const person = await addPerson(api)
    for (const body of [{ password: newPassword }, { new_password: newPassword }, { password_hash: 'x' }]) {
      const answer = await api.send('PATCH', `/v1/users/${person.id}`, { token: admin.token, body })
      expect([answer.status, answer.body]).toMatchObject([400, { errors: [{ code: 'unknown-property' }] }])
    }
    expect(await login(person.username, password)).toBe(200)
  })

  test('nobody and the deleted are not found; a weak password is refused', async () => {
    const person = await addPerson(api)
    const weak = await set(admin.token, person.id, 'passwordpassword')
    expect([weak.status, weak.body]).toMatchObject([422, { errors: [{ pointer: '/new_password' }] }])
    expect((await set(admin.token, person.id, 'short')).status).toBe(400)
    await api.send('DELETE', `/v1/users/${person.id}`, { token: admin.token })
    const { password_hash: hash } = await storedUser(api, person.id)
    const answers = [await set(admin.token, person.id), await set(admin.token, absentId)]
    expect(answers.map(({ status }) => status)).toEqual([404, 404])
    expect(await storedUser(api, person.id)).toMatchObject({ password_hash: hash })
  })

  test('a disabled account gets its password and stays disabled', async () => {
    const person = await addPerson(api)
    await api.send('PATCH', `/v1/users/${person.id}`, { token: admin.token, body: { is_active: false } })
    expect((await set(admin.token, person.id)).status).toBe(204)
    expect(await login(person.username, newPassword)).toBe(401)
    expect(await api.mailsTo(person.email)).toEqual([])
  })
})
