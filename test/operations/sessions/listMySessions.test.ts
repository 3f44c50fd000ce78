import { startApi, type Api } from '../../support/api.ts'
import { until } from '../../support/service.ts'
import { addPerson, password, signIn, signInAs } from '../../support/people.ts'

interface Session {
  id: string
  ip: string
  user_agent: string | null
  last_seen_at: string
  is_current: boolean
}

describe('listMySessions', () => {
  let api: Api
  beforeAll(async () => {
    api = await startApi({ env: { TRUST_PROXY: '1' } })
  })
  afterAll(() => api.close())

  const list = (token: string) => api.send('GET', '/v1/auth/sessions', { token })
  const sessionsOf = async (token: string) => ((await list(token)).body as { data: Session[] }).data
  /** As if it had been so long ago. */
  const age = (columns: string[], sessionId: string, interval: string) =>
    api.database.query(
      `UPDATE sessions SET ${columns.map((name) => `${name} = ${name} - $2::interval`).join()} WHERE id = $1`,
      [sessionId, interval],
    )

  test('SES-02! shows where one is signed in, the newest first, and no secret', async () => {
    const { username } = await addPerson(api)
    const body = { identifier: username, password }
    const from = (ip: string, agent: string) =>
      api.send('POST', '/v1/auth/login', { body, headers: { 'x-forwarded-for': ip, 'user-agent': agent } })
    await from('203.0.113.7', 'Terminal/1.0')
    const second = (await from('2001:db8::17', '<script>alert(1)</script>')).body as Record<string, string>
    const answer = await list(second.access_token!)
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({
      data: [
        { ip: '2001:db8::17', user_agent: '<script>alert(1)</script>', is_current: true },
        { ip: '203.0.113.7', user_agent: 'Terminal/1.0', is_current: false },
      ],
      page: { limit: 100, next_cursor: null, previous_cursor: null },
    })
    expect(answer.headers).toMatchObject({ 'cache-control': 'no-store', 'content-type': 'application/json' })
    expect(answer.text).not.toContain(second.refresh_token)
  })

  test('shows nobody else’s, and none that is over: ended, expired or idle for too long', async () => {
    const person = await signInAs(api, 'user')
    await signInAs(api, 'user')
    const others = [await signIn(api, person.user.username), await signIn(api, person.user.username)]
    const idle = await signIn(api, person.user.username)
    await api.send('POST', '/v1/auth/logout', { token: others[0]!.token })
    const [current] = (await sessionsOf(person.token)).filter(({ is_current }) => is_current)
    const [, expired] = (await sessionsOf(others[1]!.token)).map(({ id }) => id)
    const [idleId] = (await sessionsOf(idle.token)).filter(({ is_current }) => is_current).map(({ id }) => id)
    await age(['expires_at'], expired!, '31 days')
    await api.database.query(
      `UPDATE refresh_tokens SET expires_at = now() - interval '1 second' WHERE session_id = $1`,
      [idleId],
    )
    expect(await sessionsOf(person.token)).toEqual([current])
  })

  test('SES-10 last_seen_at is written once a minute at most, and never fails the request', async () => {
    const { token } = await signInAs(api, 'user')
    const [before] = await sessionsOf(token)
    for (let count = 0; count < 20; count += 1) await sessionsOf(token)
    const [soon] = await sessionsOf(token)
    expect(soon!.last_seen_at).toBe(before!.last_seen_at)
    await age(['last_seen_at'], before!.id, '61 seconds')
    await forgetCached()
    await Promise.all(Array.from({ length: 20 }, () => sessionsOf(token)))
    const lately = await until(async () => {
      const [seen] = await sessionsOf(token)
      return seen!.last_seen_at > before!.last_seen_at ? seen : undefined
    })
    expect(lately.is_current).toBe(true)
    const [row] = await api.database.query<{ age: number }>(
      'SELECT extract(epoch FROM now() - last_seen_at)::float AS age FROM sessions WHERE id = $1',
      [before!.id],
    )
    expect(row!.age).toBeLessThan(60)
  })
})

/** The state of sessions is remembered for less than a second. */
function forgetCached(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 900))
}
