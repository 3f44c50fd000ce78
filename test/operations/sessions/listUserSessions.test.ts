import { startApi, type Api } from '../../support/api.ts'
import { addPerson, signIn, signInAs } from '../../support/people.ts'

const absentId = '0199d8b2-5f1e-7c3a-9d6e-2b8f4a1c7e55'

describe('listUserSessions', () => {
  let api: Api
  beforeAll(async () => {
    api = await startApi()
  })
  afterAll(() => api.close())

  const list = (token: string, id: string) => api.send('GET', `/v1/users/${id}/sessions`, { token })

  test.each(['moderator', 'admin'] as const)('a %s sees those of anybody', async (role) => {
    const { token, user } = await signInAs(api, role)
    for (const other of ['user', 'moderator', 'admin'] as const) {
      const person = await signInAs(api, other)
      await signIn(api, person.user.username)
      const answer = await list(token, person.user.id)
      expect([answer.status, answer.body]).toMatchObject([
        200,
        { data: [{ is_current: false }, { is_current: false }] },
      ])
    }
    expect((await list(token, user.id)).body).toMatchObject({ data: [{ is_current: true, ip: '127.0.0.1' }] })
  })

  test('a user sees the own ones, and the same 403 for others and for nobody', async () => {
    const { token, user } = await signInAs(api, 'user')
    const other = await addPerson(api)
    expect((await list(token, user.id)).body).toMatchObject({ data: [{ is_current: true }] })
    const [hidden, absent] = [await list(token, other.id), await list(token, absentId)]
    expect([hidden.status, absent.status]).toEqual([403, 403])
    expect(Object.keys(hidden.body)).toEqual(Object.keys(absent.body))
  })

  test('somebody who is signed in nowhere has an empty list; nobody and the deleted are not found', async () => {
    const { token } = await signInAs(api, 'admin')
    const person = await addPerson(api)
    expect((await list(token, person.id)).body).toMatchObject({ data: [] })
    await api.send('DELETE', `/v1/users/${person.id}`, { token })
    expect([(await list(token, person.id)).status, (await list(token, absentId)).status]).toEqual([404, 404])
  })
})
