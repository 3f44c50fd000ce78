import { startApi, type Api } from '../../support/api.ts'
import { addPerson, password, signIn, type SignedIn } from '../../support/people.ts'
import { eventsAbout, eventsOf } from '../../support/trail.ts'

const limit = 3

describe('SESSION_LIMIT', () => {
  let api: Api
  beforeAll(async () => {
    api = await startApi({ env: { SESSION_LIMIT: String(limit) } })
  })
  afterAll(() => api.close())

  const me = async ({ token }: SignedIn) => (await api.send('GET', '/v1/auth/me', { token })).status
  const aliveOf = (userId: string) =>
    api.database.query('SELECT id FROM sessions WHERE user_id = $1 AND ended_at IS NULL', [userId])
  const seen = (userId: string, interval: string) =>
    api.database.query('UPDATE sessions SET last_seen_at = last_seen_at - $2::interval WHERE user_id = $1', [
      userId,
      interval,
    ])

  test('SES-04 one sign-in too many ends the longest unused session, not the oldest', async () => {
    const { id, username } = await addPerson(api)
    const sessions = []
    for (let count = 0; count < limit; count += 1) sessions.push(await signIn(api, username))
    for (const session of sessions) expect(await me(session)).toBe(200)
    await seen(id, '1 hour')
    const refresh = { body: { refresh_token: sessions[0]!.refreshToken } }
    expect((await api.send('POST', '/v1/auth/refresh', refresh)).status).toBe(200)
    const answer = await api.send('POST', '/v1/auth/login', { body: { identifier: username, password } })
    expect(answer.status).toBe(200)
    expect(await Promise.all(sessions.map(me))).toEqual([200, 401, 200])
    expect(await eventsOf(api, answer)).toMatchObject([
      { action: 'session.started' },
      { action: 'session.ended', changes: { end_reason: { after: 'session-limit' } } },
    ])
  })

  test('SES-04 a session that is over takes nobody’s place', async () => {
    const { id, username } = await addPerson(api)
    const used = await signIn(api, username)
    await seen(id, '1 hour')
    for (let count = 1; count < limit; count += 1) await signIn(api, username)
    await api.database.query(
      `UPDATE sessions SET expires_at = now() - interval '1 second' WHERE user_id = $1 AND last_seen_at =
         (SELECT max(last_seen_at) FROM sessions WHERE user_id = $1)`,
      [id],
    )
    const last = await signIn(api, username)
    expect([await me(used), await me(last)]).toEqual([200, 200])
  })

  test('SES-04 sign-ins at once leave as many as allowed', async () => {
    const { id, username } = await addPerson(api)
    await Promise.all(Array.from({ length: 4 * limit }, () => signIn(api, username)))
    expect(await aliveOf(id)).toHaveLength(limit)
    const ended = (await eventsAbout(api, id)).filter(({ action }) => action === 'session.ended')
    expect(ended).toHaveLength(3 * limit)
    expect(new Set(ended.map(({ session_id }) => session_id)).size).toBe(3 * limit)
  })
})
