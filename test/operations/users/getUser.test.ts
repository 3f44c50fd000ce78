import { startApi, type Api } from '../../support/api.ts'
import { addPerson, signIn, signInAs } from '../../support/people.ts'

describe('getUser', () => {
  let api: Api
  beforeAll(async () => {
    api = await startApi()
  })
  afterAll(() => api.close())

  test('a moderator reads anybody, without password or inner columns', async () => {
    const { token } = await signInAs(api, 'moderator')
    const person = await addPerson(api)
    const answer = await api.send('GET', `/v1/users/${person.id}`, { token })
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({ id: person.id, username: person.username, role: 'user', last_login_at: null })
  })

  test('a user reads the own account and gets the same 403 for others and for nobody', async () => {
    const me = await addPerson(api)
    const other = await addPerson(api)
    const { token } = await signIn(api, me.username)
    expect((await api.send('GET', `/v1/users/${me.id}`, { token })).status).toBe(200)
    const hidden = await api.send('GET', `/v1/users/${other.id}`, { token })
    const absent = await api.send('GET', '/v1/users/0199d8b2-5f1e-7c3a-9d6e-2b8f4a1c7e55', { token })
    expect([hidden.status, absent.status]).toEqual([403, 403])
  })

  test('an unknown id is a 404, a malformed one a 400 that names the parameter', async () => {
    const { token } = await signInAs(api, 'admin')
    expect((await api.send('GET', '/v1/users/0199d8b2-5f1e-7c3a-9d6e-2b8f4a1c7e55', { token })).status).toBe(404)
    const malformed = await api.send('GET', '/v1/users/{A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11}', { token })
    expect(malformed.status).toBe(400)
    const upperCase = await api.send('GET', '/v1/users/A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11', { token })
    expect(upperCase.status).toBe(400)
    expect(upperCase.body).toMatchObject({ errors: [{ in: 'path', name: 'user_id', code: 'pattern' }] })
  })
})
