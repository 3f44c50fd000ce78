import { startApi, type Api } from '../../support/api.ts'
import type { Answer } from '../../support/checkAnswer.ts'
import { addPerson, password, signInAs, uniqueName, type SignedIn } from '../../support/people.ts'
import { storedUser } from '../../support/trail.ts'

const nobody = '0199d8b2-5f1e-7c3a-9d6e-2b8f4a1c7e55'
const kept = {
  ...{ id: nobody, created_at: '2020-01-01T00:00:00Z', updated_at: '2020-01-01T00:00:00Z', deleted_at: null },
  ...{
    email_verified: true,
    last_login_at: null,
    version: 9,
    password_hash: 'x',
    password,
    permissions: ['users:delete'],
  },
  ...{
    isActive: true,
    Role: 'admin',
    'role ': 'admin',
    user: { role: 'admin' },
    'users.role': 'admin',
    is_admin: true,
  },
}

describe('properties that not everybody may write', () => {
  let api: Api
  let moderator: SignedIn
  let admin: SignedIn
  beforeAll(async () => {
    api = await startApi()
    moderator = await signInAs(api, 'moderator')
    admin = await signInAs(api, 'admin')
  })
  afterAll(() => api.close())

  const pointersOf = ({ body }: Answer, code: string) => {
    const { errors } = body as { errors: { pointer: string; code: string }[] }
    return errors.filter((each) => each.code === code).map(({ pointer }) => pointer)
  }
  const patch = (id: string, body: object, token: string) => api.send('PATCH', `/v1/users/${id}`, { token, body })

  test.each(Object.entries(kept))('AZ-03! nobody writes %s', async (name, value) => {
    const person = await signInAs(api, 'user')
    const names = { first_name: null, last_name: null }
    const base = { username: person.user.username, email: person.user.email }
    const path = `/v1/users/${person.user.id}`
    const before = await storedUser(api, person.user.id)
    const answers = [
      await api.send('PATCH', path, { token: person.token, body: { [name]: value } }),
      await api.send('PUT', path, { token: person.token, body: { ...base, ...names, [name]: value } }),
      await api.send('PATCH', path, { token: admin.token, body: { [name]: value } }),
    ]
    const fresh = { username: uniqueName(), email: `${uniqueName()}@example.com`, password }
    const create = () => api.send('POST', '/v1/users', { token: admin.token, body: { ...fresh, [name]: value } })
    if (name !== 'password') answers.push(await create())
    for (const answer of answers) {
      expect(answer.status).toBe(400)
      expect(pointersOf(answer, 'unknown-property')).toEqual([`/${name}`])
    }
    expect(await storedUser(api, person.user.id)).toEqual(before)
  })

  test('AZ-03! AZ-06! ABU-73 ABU-74 nobody raises or revives themselves: the 403 names each property', async () => {
    for (const person of [await signInAs(api, 'user'), moderator]) {
      const { id, username, email } = person.user
      const before = await storedUser(api, id)
      const guarded = { role: 'admin', is_active: true }
      const patched = await patch(id, { first_name: 'Up', ...guarded }, person.token)
      const body = { username, email, first_name: 'Up', last_name: null, ...guarded }
      const replaced = await api.send('PUT', `/v1/users/${id}`, { token: person.token, body })
      for (const answer of [patched, replaced]) {
        expect(answer.status).toBe(403)
        expect(pointersOf(answer, 'forbidden-property')).toEqual(['/role', '/is_active'])
      }
      expect(await storedUser(api, id)).toEqual(before)
    }
  })

  test('AZ-05! ABU-79 a moderator grants no role, not even the one somebody has', async () => {
    const person = await addPerson(api)
    for (const role of ['user', 'moderator', 'admin']) {
      const answer = await patch(person.id, { first_name: 'Joan', role }, moderator.token)
      expect(answer.status).toBe(403)
      expect(pointersOf(answer, 'forbidden-property')).toEqual(['/role'])
    }
    expect(await storedUser(api, person.id)).toMatchObject({ first_name: 'Jane', version: 1 })
  })

  test('AZ-05! ABU-78 out of reach is a 403 that names nothing', async () => {
    for (const role of ['moderator', 'admin'] as const) {
      const { id } = await addPerson(api, { role })
      const answer = await patch(id, { first_name: 'Joan', role: 'user' }, moderator.token)
      expect(answer.status).toBe(403)
      expect(answer.body).not.toHaveProperty('errors')
    }
  })

  test('AZ-10! hidden and absent are the same bytes, whatever the method', async () => {
    const { token } = await signInAs(api, 'user')
    const hidden = await addPerson(api)
    for (const method of ['GET', 'PUT', 'PATCH', 'DELETE']) {
      const told = []
      for (const id of [hidden.id, nobody]) {
        const sent = method === 'GET' || method === 'DELETE' ? { token } : { token, body: { first_name: 'Joan' } }
        const { status, text, headers } = await api.send(method, `/v1/users/${id}`, sent)
        const { date, 'x-request-id': requestId, ...rest } = headers
        expect(date).toBeDefined()
        told.push({ status, rest, text: text.replace(id, '').replace(requestId!, '') })
      }
      expect(told[0]!.status).toBe(403)
      expect(told[0]).toEqual(told[1])
    }
  })

  test('AZ-09! ABU-117 who may not is told that, before anything about the request', async () => {
    const { token } = await signInAs(api, 'user')
    const garbage = { raw: '{"username":', headers: { 'content-type': 'application/json' } }
    expect((await api.send('POST', '/v1/users', garbage)).status).toBe(401)
    expect((await api.send('POST', '/v1/users', { token, ...garbage })).status).toBe(403)
    expect((await api.send('GET', '/v1/users', { token, query: { limit: 'many' } })).status).toBe(403)
    expect((await api.send('PATCH', '/v1/users/42', { token, ...garbage })).status).toBe(403)
  })
})
