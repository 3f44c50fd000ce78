import { startApi, type Api } from '../../support/api.ts'
import { addPerson, password, signIn, signInAs, type SignedIn } from '../../support/people.ts'
import { eventsOf, storedUser } from '../../support/trail.ts'

describe('deleteUser', () => {
  let api: Api
  let admin: SignedIn
  beforeAll(async () => {
    api = await startApi()
    admin = await signInAs(api, 'admin')
  })
  afterAll(() => api.close())

  const send = (method: string, id: string, body?: object) =>
    api.send(method, `/v1/users/${id}`, { token: admin.token, body })
  const statusOf = async (method: string, id: string, body?: object) => (await send(method, id, body)).status
  const login = async (identifier: string) =>
    (await api.send('POST', '/v1/auth/login', { body: { identifier, password } })).status

  test('RES-05! ABU-107 a deleted user is nowhere any more; the row is kept', async () => {
    const person = await addPerson(api)
    const { id, username, email } = person
    const answer = await send('DELETE', id)
    expect([answer.status, answer.text]).toEqual([204, ''])
    const whole = { username, email, first_name: null, last_name: null, role: 'user', is_active: true }
    expect(await statusOf('DELETE', id)).toBe(404)
    expect(await statusOf('GET', id)).toBe(404)
    expect(await statusOf('PATCH', id, { first_name: 'X' })).toBe(404)
    expect(await statusOf('PUT', id, whole)).toBe(404)
    const list = await api.send('GET', '/v1/users', { token: admin.token, query: { limit: 100 } })
    expect((list.body as { data: { id: string }[] }).data.map((user) => user.id)).not.toContain(id)
    expect(await storedUser(api, id)).toMatchObject({ username, version: 2, deleted_at: expect.any(Date) as unknown })
  })

  test('DEL-01! every way in is closed at once', async () => {
    const person = await signInAs(api, 'user')
    const second = await signIn(api, person.user.username)
    const answer = await send('DELETE', person.user.id)
    for (const { token, refreshToken } of [person, second]) {
      expect((await api.send('GET', '/v1/auth/me', { token })).status).toBe(401)
      const refresh = await api.send('POST', '/v1/auth/refresh', { body: { refresh_token: refreshToken } })
      expect(refresh.status).toBe(401)
    }
    expect([await login(person.user.username), await login(person.user.email)]).toEqual([401, 401])
    const events = await eventsOf(api, answer)
    expect(events.map(({ action }) => action)).toEqual(['user.deleted', 'session.ended', 'session.ended'])
    expect(events[1]).toMatchObject({
      ...{ actor_id: admin.user.id, subject_id: person.user.id },
      changes: { end_reason: { after: 'user-deleted' } },
    })
    expect(new Set(events.slice(1).map(({ session_id }) => session_id)).size).toBe(2)
  })

  test('DEL-02! name and address are free again, and who takes them inherits nothing', async () => {
    const old = await signInAs(api, 'moderator')
    await send('DELETE', old.user.id)
    const body = { username: old.user.username.toUpperCase(), email: old.user.email, password: 'an altogether new one' }
    const answer = await api.send('POST', '/v1/users', { token: admin.token, body })
    const created = answer.body as { id: string }
    expect(answer.status).toBe(201)
    expect(created).toMatchObject({ role: 'user', last_login_at: null })
    expect(created.id).not.toBe(old.user.id)
    expect(await login(old.user.username)).toBe(401)
    expect((await api.send('GET', '/v1/auth/me', { token: old.token })).status).toBe(401)
    const refresh = await api.send('POST', '/v1/auth/refresh', { body: { refresh_token: old.refreshToken } })
    expect(refresh.status).toBe(401)
    expect(await api.database.query('SELECT id FROM sessions WHERE user_id = $1', [created.id])).toEqual([])
  })

  test('of two who delete at once one finds nothing', async () => {
    const { id } = await addPerson(api)
    const statuses = await Promise.all([statusOf('DELETE', id), statusOf('DELETE', id)])
    expect(statuses.sort()).toEqual([204, 404])
  })

  test('AZ-06! an administrator may leave as long as another stays', async () => {
    const leaving = await signInAs(api, 'admin')
    const path = `/v1/users/${leaving.user.id}`
    expect((await api.send('DELETE', path, { token: leaving.token })).status).toBe(204)
    expect((await api.send('GET', path, { token: leaving.token })).status).toBe(401)
  })
})
