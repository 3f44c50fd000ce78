import { startApi, type Api } from '../../support/api.ts'
import { addPerson, signIn, signInAs, type SignedIn } from '../../support/people.ts'
import { eventsOf } from '../../support/trail.ts'

const absentId = '0199d8b2-5f1e-7c3a-9d6e-2b8f4a1c7e55'

describe('endUserSessions', () => {
  let api: Api
  beforeAll(async () => {
    api = await startApi()
  })
  afterAll(() => api.close())

  const end = ({ token }: SignedIn, id: string, isNoChange = false) =>
    api.send('DELETE', `/v1/users/${id}/sessions`, { token, isNoChange })
  const me = async ({ token }: SignedIn) => (await api.send('GET', '/v1/auth/me', { token })).status

  test('SES-03! SES-05! signs a user out everywhere, at once', async () => {
    const moderator = await signInAs(api, 'moderator')
    const person = await signInAs(api, 'user')
    const other = await signIn(api, person.user.username)
    expect([await me(person), await me(other)]).toEqual([200, 200])
    const answer = await end(moderator, person.user.id)
    expect([answer.status, answer.text]).toEqual([204, ''])
    expect([await me(person), await me(other), await me(moderator)]).toEqual([401, 401, 200])
    const refresh = await api.send('POST', '/v1/auth/refresh', { body: { refresh_token: person.refreshToken } })
    expect(refresh.status).toBe(401)
    const events = await eventsOf(api, answer)
    expect(events).toMatchObject(
      Array(2).fill({ action: 'session.ended', actor_id: moderator.user.id, subject_id: person.user.id }),
    )
    expect((await signIn(api, person.user.username)).user.id).toBe(person.user.id)
    expect((await end(moderator, (await addPerson(api)).id, true)).status).toBe(204)
  })

  test('a session that had expired is left alone, and is no event', async () => {
    const [moderator, person] = [await signInAs(api, 'moderator'), await signInAs(api, 'user')]
    await signIn(api, person.user.username)
    await api.database.query(
      `UPDATE sessions SET expires_at = now() - interval '1 second'
       WHERE id = (SELECT id FROM sessions WHERE user_id = $1 ORDER BY created_at LIMIT 1)`,
      [person.user.id],
    )
    expect(await eventsOf(api, await end(moderator, person.user.id))).toHaveLength(1)
    const ended = 'SELECT id FROM sessions WHERE user_id = $1 AND ended_at IS NOT NULL'
    expect(await api.database.query(ended, [person.user.id])).toHaveLength(1)
  })

  test('moderators reach users and themselves, administrators everybody, users nobody', async () => {
    const [admin, moderator, user] = [
      await signInAs(api, 'admin'),
      await signInAs(api, 'moderator'),
      await signInAs(api, 'user'),
    ]
    const peers = { moderator: await signInAs(api, 'moderator'), admin: await signInAs(api, 'admin') }
    for (const peer of Object.values(peers)) {
      const answer = await end(moderator, peer.user.id)
      expect([answer.status, await me(peer)]).toEqual([403, 200])
    }
    for (const id of [peers.moderator.user.id, user.user.id, absentId]) expect((await end(user, id)).status).toBe(403)
    for (const peer of Object.values(peers)) {
      const answer = await end(admin, peer.user.id)
      expect([answer.status, await me(peer)]).toEqual([204, 401])
    }
    expect((await end(moderator, moderator.user.id)).status).toBe(204)
    expect(await me(moderator)).toBe(401)
  })

  test('nobody and the deleted are not found', async () => {
    const admin = await signInAs(api, 'admin')
    const person = await addPerson(api)
    await api.send('DELETE', `/v1/users/${person.id}`, { token: admin.token })
    expect([(await end(admin, person.id)).status, (await end(admin, absentId)).status]).toEqual([404, 404])
  })
})
