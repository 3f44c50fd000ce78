import { startApi, type Api } from '../../support/api.ts'
import { addPerson, signInAs, uniqueName, type SignedIn } from '../../support/people.ts'
import { eventsOf, storedUser } from '../../support/trail.ts'

const absent = '0199d8b2-5f1e-7c3a-9d6e-2b8f4a1c7e55'

describe('replaceUser', () => {
  let api: Api
  let admin: SignedIn
  beforeAll(async () => {
    api = await startApi()
    admin = await signInAs(api, 'admin')
  })
  afterAll(() => api.close())

  const put = (id: string, body: object, { token = admin.token, isNoChange = false } = {}) =>
    api.send('PUT', `/v1/users/${id}`, { token, body, isNoChange })
  const profile = (name = uniqueName('put')) => ({
    ...{ username: name, email: `${name}@example.com`, first_name: 'Joan', last_name: null },
  })
  const missing = async (id: string, body: object, token = admin.token) => {
    const answer = await put(id, body, { token })
    expect(answer.status).toBe(400)
    const { errors } = answer.body as { errors: { pointer: string; code: string }[] }
    expect(errors.map(({ code }) => code)).toEqual(errors.map(() => 'required'))
    return errors.map(({ pointer }) => pointer).sort()
  }

  test('RES-02! sets every property a client may write and touches no other', async () => {
    const person = await addPerson(api)
    const before = await storedUser(api, person.id)
    const wanted = { ...profile(), role: 'moderator', is_active: true }
    const answer = await put(person.id, wanted)
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject(wanted)
    const after = await storedUser(api, person.id)
    for (const name of ['id', 'created_at', 'password_hash', 'email_verified', 'last_login_at', 'deleted_at']) {
      expect(after[name]).toEqual(before[name])
    }
    const events = await eventsOf(api, answer)
    expect(events).toHaveLength(1)
    expect(Object.keys(events[0]!.changes).sort()).toEqual(['email', 'first_name', 'last_name', 'role', 'username'])
  })

  test('RES-02! nothing may be left out, nothing is made', async () => {
    const person = await addPerson(api)
    expect(await missing(person.id, {})).toEqual(['/email', '/first_name', '/last_name', '/username'])
    expect(await missing(person.id, profile())).toEqual(['/is_active', '/role'])
    expect(await storedUser(api, person.id)).toMatchObject({ version: 1, username: person.username })
    expect((await put(absent, { ...profile(), role: 'user', is_active: true })).status).toBe(404)
  })

  test('what is required is what the caller may write', async () => {
    const moderator = await signInAs(api, 'moderator')
    const person = await addPerson(api)
    expect(await missing(person.id, profile(), moderator.token)).toEqual(['/is_active'])
    const done = await put(person.id, { ...profile(), is_active: false }, { token: moderator.token })
    expect(done.body).toMatchObject({ is_active: false, role: 'user' })
    expect((await put(moderator.user.id, profile(), { token: moderator.token })).status).toBe(200)
    expect(await missing(admin.user.id, profile())).toEqual(['/is_active', '/role'])
  })

  test('AUD-15 putting back what was read is a success that changes nothing', async () => {
    const { user, token } = await signInAs(api, 'user')
    const { username, email, first_name, last_name } = user
    const before = await storedUser(api, user.id)
    const answer = await put(user.id, { username, email, first_name, last_name }, { token, isNoChange: true })
    expect(answer.status).toBe(200)
    expect(await storedUser(api, user.id)).toEqual(before)
  })

  test('ABU-77 what the server keeps is refused in the body, the id too', async () => {
    const { user, token } = await signInAs(api, 'user')
    const answer = await put(user.id, { ...profile(), id: absent, version: 7, password_hash: 'x' }, { token })
    expect(answer.status).toBe(400)
    const { errors } = answer.body as { errors: { pointer: string; code: string }[] }
    expect(errors.map(({ pointer }) => pointer).sort()).toEqual(['/id', '/password_hash', '/version'])
    expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(['unknown-property']))
  })

  test('a taken name is a conflict that names it', async () => {
    const [person, taken] = [await addPerson(api), await addPerson(api)]
    const answer = await put(person.id, { ...profile(), email: taken.email, role: 'user', is_active: true })
    expect(answer.status).toBe(409)
    expect(answer.body).toMatchObject({ type: '/problems/conflict', errors: [{ pointer: '/email', code: 'taken' }] })
  })

  test('deactivating signs out everywhere', async () => {
    const { user, token } = await signInAs(api, 'user')
    const answer = await put(user.id, { ...profile(), role: 'user', is_active: false })
    expect((await eventsOf(api, answer)).map(({ action }) => action)).toEqual(['user.updated', 'session.ended'])
    expect((await api.send('GET', '/v1/auth/me', { token })).status).toBe(401)
  })
})
