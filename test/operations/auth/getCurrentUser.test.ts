import { startApi, type Api } from '../../support/api.ts'
import { signInAs } from '../../support/people.ts'

const path = '/v1/auth/me'

describe('getCurrentUser', () => {
  let api: Api
  beforeAll(async () => {
    api = await startApi()
  })
  afterAll(() => api.close())

  test.each(['user', 'moderator', 'admin'] as const)('answers the %s who asks', async (role) => {
    const { token, user } = await signInAs(api, role)
    const answer = await api.send('GET', path, { token })
    expect(answer.status).toBe(200)
    expect(answer.body).toEqual(user)
    expect(answer.headers['cache-control']).toBe('no-store')
  })

  test('AZ-08! follows what the account is now, not what the token says', async () => {
    const admin = await signInAs(api, 'admin')
    const { token, user } = await signInAs(api, 'moderator')
    expect((await api.send('GET', '/v1/users', { token })).status).toBe(200)
    const change = { token: admin.token, body: { role: 'user', first_name: 'Joan' } }
    await api.send('PATCH', `/v1/users/${user.id}`, change)
    expect((await api.send('GET', '/v1/users', { token })).status).toBe(403)
    expect((await api.send('GET', path, { token })).body).toMatchObject({ role: 'user', first_name: 'Joan' })
  })

  test('HEAD answers what GET does, without the body', async () => {
    const { token } = await signInAs(api, 'user')
    const [get, head] = [await api.send('GET', path, { token }), await api.send('HEAD', path, { token })]
    expect(head.status).toBe(200)
    expect(head.text).toBe('')
    expect(withoutDifferences(head.headers)).toEqual(withoutDifferences(get.headers))
  })
})

function withoutDifferences({ date, 'x-request-id': requestId, ...same }: Record<string, string>): object {
  expect([date, requestId]).not.toContain(undefined)
  return same
}
