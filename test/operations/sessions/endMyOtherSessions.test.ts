import { startApi, type Api } from '../../support/api.ts'
import { signIn, signInAs, type SignedIn } from '../../support/people.ts'
import { eventsOf } from '../../support/trail.ts'

describe('endMyOtherSessions', () => {
  let api: Api
  beforeAll(async () => {
    api = await startApi()
  })
  afterAll(() => api.close())

  const end = ({ token }: SignedIn, isNoChange = false) =>
    api.send('DELETE', '/v1/auth/sessions', { token, isNoChange })
  const me = async ({ token }: SignedIn) => (await api.send('GET', '/v1/auth/me', { token })).status
  const refresh = async ({ refreshToken }: SignedIn) =>
    (await api.send('POST', '/v1/auth/refresh', { body: { refresh_token: refreshToken } })).status

  test('SES-03! SES-05! signs out everywhere else, at once, and nobody else', async () => {
    const [here, stranger] = [await signInAs(api, 'user'), await signInAs(api, 'user')]
    const others = [await signIn(api, here.user.username), await signIn(api, here.user.username)]
    for (const other of others) expect(await me(other)).toBe(200)
    const answer = await end(here)
    expect([answer.status, answer.text]).toEqual([204, ''])
    for (const other of others) expect([await me(other), await refresh(other)]).toEqual([401, 401])
    expect([await me(here), await refresh(here), await me(stranger)]).toEqual([200, 200, 200])
    const events = await eventsOf(api, answer)
    expect(events.map(({ action, changes }) => [action, changes])).toEqual(
      Array(2).fill(['session.ended', { end_reason: { after: 'revoked' } }]),
    )
  })

  test('may be repeated; where there is no other session nothing is written down', async () => {
    const here = await signInAs(api, 'user')
    expect((await end(here, true)).status).toBe(204)
    expect(await me(here)).toBe(200)
  })

  test('of two places that end each other one or none is left', async () => {
    const here = await signInAs(api, 'user')
    const there = await signIn(api, here.user.username)
    const path = '/v1/auth/sessions'
    await Promise.all([here, there].map(({ token }) => api.send('DELETE', path, { token, isNoChange: 'perhaps' })))
    const alive = [await me(here), await me(there)].filter((status) => status === 200)
    expect(alive.length).toBeLessThanOrEqual(1)
  })
})
