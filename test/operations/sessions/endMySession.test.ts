import { startApi, type Api } from '../../support/api.ts'
import { decode } from '../../support/forge.ts'
import { signIn, signInAs, type SignedIn } from '../../support/people.ts'
import { eventsOf } from '../../support/trail.ts'

const absentId = '0199d8b2-5f1e-7c3a-9d6e-2b8f4a1c7e55'

describe('endMySession', () => {
  let api: Api
  beforeAll(async () => {
    api = await startApi()
  })
  afterAll(() => api.close())

  const idOf = ({ token }: SignedIn) => decode(token).claims.sid as string
  const end = (token: string, id: string) => api.send('DELETE', `/v1/auth/sessions/${id}`, { token })
  const me = async ({ token }: SignedIn) => (await api.send('GET', '/v1/auth/me', { token })).status
  const refresh = async ({ refreshToken }: SignedIn) =>
    (await api.send('POST', '/v1/auth/refresh', { body: { refresh_token: refreshToken } })).status

  test('SES-03! SES-05! ends one place, from the next request on', async () => {
    const here = await signInAs(api, 'user')
    const there = await signIn(api, here.user.username)
    expect(await me(there)).toBe(200)
    const answer = await end(here.token, idOf(there))
    expect([answer.status, answer.text]).toEqual([204, ''])
    expect([await me(there), await refresh(there)]).toEqual([401, 401])
    expect([await me(here), await refresh(here)]).toEqual([200, 200])
    expect(await eventsOf(api, answer)).toMatchObject([
      { action: 'session.ended', subject_id: here.user.id, changes: { end_reason: { after: 'revoked' } } },
    ])
    expect((await eventsOf(api, answer))[0]?.session_id).toBe(idOf(there))
  })

  test('ends the current one, too', async () => {
    const person = await signInAs(api, 'user')
    expect((await end(person.token, idOf(person))).status).toBe(204)
    expect([await me(person), await refresh(person)]).toEqual([401, 401])
  })

  test('ABU-106 the session of somebody else is not found, like one that is over or never was', async () => {
    const [person, other] = [await signInAs(api, 'user'), await signInAs(api, 'admin')]
    const over = await signIn(api, person.user.username)
    expect((await end(person.token, idOf(over))).status).toBe(204)
    const answers = [
      await end(person.token, idOf(other)),
      await end(person.token, idOf(over)),
      await end(person.token, absentId),
      await end(other.token, idOf(person)),
    ]
    for (const { status, body } of answers) {
      expect([status, body]).toMatchObject([404, { type: '/problems/not-found' }])
    }
    expect([await me(person), await me(other)]).toEqual([200, 200])
  })

  test('of two who end the same session at once one finds it', async () => {
    const here = await signInAs(api, 'user')
    const there = await signIn(api, here.user.username)
    const answers = await Promise.all([end(here.token, idOf(there)), end(here.token, idOf(there))])
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 404])
  })
})
