import { startApi, type Api } from '../../support/api.ts'
import type { Answer } from '../../support/checkAnswer.ts'
import { signIn, signInAs, type SignedIn } from '../../support/people.ts'
import { eventsOf } from '../../support/trail.ts'

interface Pair {
  access_token: string
  refresh_token: string
  refresh_expires_in: number
}

describe('refreshTokens', () => {
  let api: Api
  beforeAll(async () => {
    api = await startApi()
  })
  afterAll(() => api.close())

  const refresh = (token: string, isNoChange = false): Promise<Answer> =>
    api.send('POST', '/v1/auth/refresh', { body: { refresh_token: token }, isNoChange })
  const pairOf = async (token: string): Promise<Pair> => (await refresh(token)).body
  const me = async (token: string) => (await api.send('GET', '/v1/auth/me', { token })).status
  const tokensOf = ({ user }: SignedIn) =>
    api.database.query<{ is_spent: boolean }>(
      `SELECT spent_at IS NOT NULL AS is_spent FROM refresh_tokens
       WHERE session_id IN (SELECT id FROM sessions WHERE user_id = $1) ORDER BY created_at`,
      [user.id],
    )
  /** As if the session had gone on for that long. */
  const age = ({ user }: SignedIn, interval: string) =>
    api.database.query(
      `UPDATE refresh_tokens SET spent_at = spent_at - $2::interval, expires_at = expires_at - $2::interval
       WHERE session_id IN (SELECT id FROM sessions WHERE user_id = $1)`,
      [user.id, interval],
    )
  const expectReuse = (answer: Answer) => {
    expect(answer.status).toBe(401)
    expect(answer.body).toMatchObject({ type: '/problems/token-reused' })
  }

  test('REF-02! every use spends the token and makes one successor, in the same session', async () => {
    const person = await signInAs(api, 'user')
    const answer = await refresh(person.refreshToken)
    const pair: Pair = answer.body
    expect(answer.status).toBe(200)
    expect(pair.refresh_token).not.toBe(person.refreshToken)
    expect(pair.refresh_token).toMatch(/^[\w-]{43}$/)
    expect(await tokensOf(person)).toEqual([{ is_spent: true }, { is_spent: false }])
    expect([await me(pair.access_token), await me(person.token)]).toEqual([200, 200])
    expect(await eventsOf(api, answer)).toMatchObject([{ action: 'session.refreshed', actor_id: person.user.id }])
  })

  test('REF-04! a lost answer may be asked for again: the same successor, nothing minted', async () => {
    const person = await signInAs(api, 'user')
    const first = await pairOf(person.refreshToken)
    const again: Pair = (await refresh(person.refreshToken, true)).body
    expect(again.refresh_token).toBe(first.refresh_token)
    expect(await tokensOf(person)).toHaveLength(2)
    expect([await me(first.access_token), await me(again.access_token)]).toEqual([200, 200])
    expect((await refresh(first.refresh_token)).status).toBe(200)
  })

  test('REF-04! the grace ends when the successor is used', async () => {
    const person = await signInAs(api, 'user')
    const second = await pairOf(person.refreshToken)
    const third = await pairOf(second.refresh_token)
    expectReuse(await refresh(person.refreshToken))
    expect((await refresh(third.refresh_token)).status).toBe(401)
    expect(await me(third.access_token)).toBe(401)
  })

  test('REF-05! ABU-49 a token that comes back after the grace ends the whole session, and only that', async () => {
    const person = await signInAs(api, 'user')
    const elsewhere = await signIn(api, person.user.username)
    const { refresh_token: latest, access_token: access } = await pairOf(person.refreshToken)
    await age(person, '11 seconds')
    const answer = await refresh(person.refreshToken)
    expectReuse(answer)
    expect([await me(person.token), await me(access)]).toEqual([401, 401])
    expect((await refresh(latest)).body).toMatchObject({ type: '/problems/invalid-token' })
    expect(await me(elsewhere.token)).toBe(200)
    const events = await eventsOf(api, answer)
    expect(events).toMatchObject([
      { action: 'session.token-reused', outcome: 'failure', actor_id: null, subject_id: person.user.id },
    ])
    expect(events[0]).toMatchObject({ ip: '127.0.0.1', session_id: expect.anything() as unknown })
    const repeated = await refresh(person.refreshToken)
    expect(repeated.body).toMatchObject({ type: '/problems/invalid-token' })
    expect(await eventsOf(api, repeated)).toEqual([])
  })

  test('REF-07! a token lies idle for seven days at most', async () => {
    const person = await signInAs(api, 'user')
    await age(person, '7 days 1 second')
    expect((await refresh(person.refreshToken)).body).toMatchObject({ type: '/problems/invalid-token' })
  })

  test('REF-07! no refresh postpones the end of the session', async () => {
    const person = await signInAs(api, 'user')
    const ends = (interval: string) =>
      api.database.query('UPDATE sessions SET expires_at = now() + $2::interval WHERE user_id = $1', [
        person.user.id,
        interval,
      ])
    await ends('1 hour')
    const pair = await pairOf(person.refreshToken)
    expect(pair.refresh_expires_in).toBeLessThanOrEqual(3600)
    expect(pair.refresh_expires_in).toBeGreaterThan(3500)
    await ends('-1 second')
    expect((await refresh(pair.refresh_token)).status).toBe(401)
    expect(await me(pair.access_token)).toBe(401)
  })

  test('REF-08! reads the account anew: a new role is in the next token, a disabled account gets none', async () => {
    const admin = await signInAs(api, 'admin')
    const person = await signInAs(api, 'moderator')
    const patch = (body: object) => api.send('PATCH', `/v1/users/${person.user.id}`, { token: admin.token, body })
    await patch({ role: 'user' })
    const pair = await pairOf(person.refreshToken)
    const payload = Buffer.from(pair.access_token.split('.')[1]!, 'base64url').toString()
    expect(JSON.parse(payload)).toMatchObject({ role: 'user', sub: person.user.id })
    await patch({ is_active: false })
    expect((await refresh(pair.refresh_token)).status).toBe(401)
    await patch({ is_active: true })
    expect((await refresh(pair.refresh_token)).status).toBe(401)
    expect((await refresh(person.refreshToken)).body).toMatchObject({ type: '/problems/invalid-token' })
  })

  test('REF-10 REF-11 unknown tokens, access tokens and other people’s mistakes are the same 401', async () => {
    const { token, refreshToken } = await signInAs(api, 'user')
    for (const wrong of ['x', token, refreshToken.slice(1), `${refreshToken}=`]) {
      const answer = await refresh(wrong)
      expect(answer.status).toBe(401)
      expect(answer.body).toMatchObject({ type: '/problems/invalid-token' })
      expect(answer.body).not.toHaveProperty('detail')
    }
    expect((await api.send('GET', '/v1/auth/me', { token: refreshToken })).status).toBe(401)
    expect((await refresh('mit Leerzeichen')).status).toBe(400)
    expect((await refresh(refreshToken)).status).toBe(200)
  })
})
