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
  test('AZ-04! never answers what is made from the password, to nobody', async () => {
    const { user, token } = await signInAs(api, 'admin')
    const properties = ['created_at', 'email', 'email_verified', 'first_name', 'id', 'is_active', 'last_login_at']
    const answer = await api.send('GET', `/v1/users/${user.id}`, { token })
    expect(Object.keys(answer.body).sort()).toEqual([...properties, 'last_name', 'role', 'updated_at', 'username'])
    expect(answer.text).not.toContain('argon2')
    expect(answer.headers['cache-control']).toBe('no-store')
  })

  test('keeps microseconds', async () => {
    const { token } = await signInAs(api, 'moderator')
    const { id } = await addPerson(api)
    await api.database.query(`UPDATE users SET created_at = '2025-10-12T13:41:12.000007Z' WHERE id = $1`, [id])
    const answer = await api.send('GET', `/v1/users/${id}`, { token })
    expect(answer.body).toMatchObject({ created_at: '2025-10-12T13:41:12.000007Z' })
  })

  test('HEAD answers what GET does, without the body', async () => {
    const { token } = await signInAs(api, 'moderator')
    const { id } = await addPerson(api)
    const [get, head] = [
      await api.send('GET', `/v1/users/${id}`, { token }),
      await api.send('HEAD', `/v1/users/${id}`, { token }),
    ]
    expect([head.status, head.text]).toEqual([200, ''])
    expect(head.headers['content-length']).toBe(get.headers['content-length'])
    expect((await api.send('HEAD', '/v1/users/0199d8b2-5f1e-7c3a-9d6e-2b8f4a1c7e55', { token })).status).toBe(404)
  })
})
