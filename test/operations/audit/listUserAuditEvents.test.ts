import { randomUUID } from 'node:crypto'
import { startApi, type Api } from '../../support/api.ts'
import { addPerson, signInAs, type SignedIn } from '../../support/people.ts'

describe('listUserAuditEvents', () => {
  let api: Api
  let moderator: SignedIn
  beforeAll(async () => {
    api = await startApi()
    moderator = await signInAs(api, 'moderator')
  })
  afterAll(() => api.close())

  const list = (id: string, query = {}, token = moderator.token) =>
    api.send('GET', `/v1/users/${id}/audit-events`, { token, query })

  test('answers what was done to the user, to moderators too', async () => {
    const { id } = await addPerson(api)
    for (const last_name of ['One', 'Two'])
      await api.send('PATCH', `/v1/users/${id}`, { token: moderator.token, body: { last_name } })
    const first = await list(id, { limit: 2 })
    expect(first.body).toMatchObject({
      data: [
        { subject_id: id, actor_id: moderator.user.id, changes: { last_name: { before: 'One', after: 'Two' } } },
        { subject_id: id, changes: { last_name: { before: 'Roe', after: 'One' } } },
      ],
      page: { limit: 2, previous_cursor: null },
    })
    expect(first.headers.link).toContain(`</v1/users/${id}/audit-events?`)
    const { next_cursor: cursor } = (first.body as { page: { next_cursor: string } }).page
    expect((await list(id, { limit: 2, cursor })).body).toMatchObject({ data: [{ action: 'user.created' }] })
    const other = await addPerson(api)
    expect((await list(other.id, { limit: 2, cursor })).body).toMatchObject({ type: '/problems/invalid-cursor' })
    expect((await list(id, { action: 'user.created' })).body).toMatchObject({ data: [{ action: 'user.created' }] })
  })

  test('says that there is no such user, or that it is not for everybody', async () => {
    expect((await list(randomUUID())).status).toBe(404)
    const user = await signInAs(api, 'user')
    expect((await list(user.user.id, {}, user.token)).status).toBe(403)
    expect((await list('1')).status).toBe(400)
  })
})
