import { startApi, type Api } from '../support/api.ts'
import type { Answer } from '../support/checkAnswer.ts'
import { addPerson, password, signIn, signInAs } from '../support/people.ts'

const headers = (address: string) => ({ 'x-forwarded-for': address })

function expectLimited(answer: Answer, name: string, window: number): void {
  expect(answer.status).toBe(429)
  expect(answer.body).toMatchObject({ type: '/problems/rate-limited' })
  expect(answer.headers['retry-after']).toMatch(/^[1-9]\d*$/)
  expect(Number(answer.headers['retry-after'])).toBeLessThanOrEqual(window)
  expect(answer.headers.ratelimit).toBe(`"${name}";r=0;t=${answer.headers['retry-after']}`)
}

describe('limits', () => {
  let api: Api
  beforeAll(async () => {
    const limits = { RATE_LIMIT_AUTH_PER_MINUTE: '5', RATE_LIMIT_READS_PER_HOUR: '4', RATE_LIMIT_WRITES_PER_HOUR: '3' }
    api = await startApi({ env: { ...limits, TRUST_PROXY: '1' } })
  })
  afterAll(() => api.close())

  const login = (address: string, typed: string, identifier = 'nobody') =>
    api.send('POST', '/v1/auth/login', { headers: headers(address), body: { identifier, password: typed } })
  const signInFrom = async (address: string, role: 'user' | 'admin' = 'user') => {
    const { username, id } = await addPerson(api, { role })
    const { body } = await login(address, password, username)
    return { id, ...(body as { access_token: string; refresh_token: string }) }
  }

  test('ABU-90 the sixth login in a minute from one address is refused, the right password too', async () => {
    const { username } = await addPerson(api)
    for (let left = 4; left >= 0; left -= 1) {
      const answer = await login('192.0.2.1', 'a wrong password')
      expect(answer.status).toBe(401)
      expect(answer.headers['ratelimit-policy']).toBe('"auth";q=5;w=60')
      expect(answer.headers.ratelimit).toMatch(new RegExp(`^"auth";r=${left};t=\\d+$`))
    }
    const before = await api.database.query('SELECT id FROM audit_events')
    expectLimited(await login('192.0.2.1', password, username), 'auth', 60)
    expect(await api.database.query('SELECT id FROM audit_events')).toEqual(before)
    expect((await login('192.0.2.2', password, username)).status).toBe(200)
  })

  test('ABU-91 what a client writes before the address its proxy saw does not count', async () => {
    const statuses = []
    for (let count = 0; count < 6; count += 1) {
      statuses.push((await login(`198.51.100.${count}, 192.0.2.3`, 'a wrong password')).status)
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429])
  })

  test('an IPv6 client is its network of 64 bits', async () => {
    const guess = (address: string) => login(address, 'a wrong password', 'nobody.either')
    for (let count = 0; count < 5; count += 1) await guess(`2001:db8::${count}`)
    expectLimited(await guess('2001:db8::ffff'), 'auth', 60)
    expect((await guess('2001:db8:0:1::1')).status).toBe(401)
  })

  test.each(['unknown', '203.0.113.7:51234', '[2001:db8:9::1]:443', ''])(
    'BRU-06! an address written as "%s" is no error, and audited as an address or not at all',
    async (address) => {
      const answer = await login(address, 'a wrong password', 'nobody.at.all')
      expect([401, 429]).toContain(answer.status)
    },
  )

  test('reads and writes are counted by user, each for themselves', async () => {
    const [admin, other] = [await signInFrom('192.0.2.4', 'admin'), await signInFrom('192.0.2.4')]
    const me = (token: string, address: string) => api.send('GET', '/v1/auth/me', { token, headers: headers(address) })
    for (let left = 3; left >= 0; left -= 1) {
      const answer = await me(admin.access_token, `192.0.2.${10 + left}`)
      expect(answer.headers.ratelimit).toMatch(new RegExp(`^"read";r=${left};t=\\d+$`))
    }
    expectLimited(await me(admin.access_token, '192.0.2.20'), 'read', 3600)
    expect((await me(other.access_token, '192.0.2.4')).status).toBe(200)
    const patch = (last_name: string) =>
      api.send('PATCH', `/v1/users/${admin.id}`, { token: admin.access_token, body: { last_name } })
    expect((await patch('A')).headers['ratelimit-policy']).toBe('"write";q=3;w=3600')
    await patch('B')
    await patch('C')
    expectLimited(await patch('D'), 'write', 3600)
    expect(await api.database.query('SELECT last_name FROM users WHERE id = $1', [admin.id])).toEqual([
      { last_name: 'C' },
    ])
  })

  test('BRU-03! attempts at a password by place: a thief of a token uses up none of its owner', async () => {
    const { access_token: token } = await signInFrom('192.0.2.30')
    const change = (address: string, current_password: string) => {
      const body = { current_password, new_password: 'eleven calm otters' }
      return api.send('PUT', '/v1/auth/password', { token, body, headers: headers(address) })
    }
    for (let count = 0; count < 5; count += 1) expect((await change('192.0.2.31', 'a wrong one')).status).toBe(401)
    expectLimited(await change('192.0.2.31', 'a wrong one'), 'auth', 60)
    expect((await change('192.0.2.30', password)).status).toBe(204)
  })

  test('a refused write counts as well', async () => {
    const { access_token: token, id } = await signInFrom('192.0.2.5')
    for (let count = 0; count < 3; count += 1) {
      expect((await api.send('PATCH', `/v1/users/${id}`, { token, body: { role: 'admin' } })).status).toBe(403)
    }
    const answer = await api.send('PATCH', `/v1/users/${id}`, { token, body: { first_name: 'Joan' } })
    expectLimited(answer, 'write', 3600)
  })

  test('who presents wrong tokens is counted by address', async () => {
    const guess = () => api.send('GET', '/v1/auth/me', { token: 'a.b.c', headers: headers('192.0.2.6') })
    for (let count = 0; count < 4; count += 1) expect((await guess()).status).toBe(401)
    expectLimited(await guess(), 'read', 3600)
  })

  test('a refresh is limited by its session, and the token is good again afterwards', async () => {
    const { refresh_token: first } = await signInFrom('192.0.2.7')
    const refresh = (token: string) => api.send('POST', '/v1/auth/refresh', { body: { refresh_token: token } })
    let token = first
    let answer = await refresh(token)
    while (answer.status === 200) {
      token = (answer.body as { refresh_token: string }).refresh_token
      answer = await refresh(token)
    }
    expect(answer.status).toBe(429)
    expect(answer.headers['retry-after']).toMatch(/^[1-9]\d*$/)
    const spent = await api.database.query(
      'SELECT spent_at FROM refresh_tokens WHERE session_id = $1 AND spent_at IS NULL',
      [await sessionOf(token)],
    )
    expect(spent).toHaveLength(1)
    const elsewhere = await signInFrom('192.0.2.8')
    expect((await refresh(elsewhere.refresh_token)).status).toBe(200)
  })

  const sessionOf = async (token: string): Promise<string> => {
    const text = `SELECT session_id FROM refresh_tokens WHERE token_hash = sha256($1::bytea)`
    const [row] = await api.database.query<{ session_id: string }>(text, [Buffer.from(token)])
    return row!.session_id
  }

  test('logout, health and readiness are not limited', async () => {
    const { access_token: token } = await signInFrom('192.0.2.9')
    for (let count = 0; count < 8; count += 1) {
      const logout = await api.send('POST', '/v1/auth/logout', { token, isNoChange: count > 0 })
      expect([logout.status, logout.headers.ratelimit]).toEqual([204, undefined])
      expect((await api.send('GET', '/health')).status).toBe(200)
      expect((await api.send('GET', '/ready')).headers.ratelimit).toBeUndefined()
    }
  })
})

test('0 turns a limit off, without a word on the answers', async () => {
  const api = await startApi({ env: { RATE_LIMIT_AUTH_PER_MINUTE: '0', RATE_LIMIT_READS_PER_HOUR: '0' } })
  const { token, user } = await signInAs(api, 'user')
  for (let count = 0; count < 8; count += 1) await signIn(api, user.username)
  const answers = await Promise.all(Array.from({ length: 20 }, () => api.send('GET', '/v1/auth/me', { token })))
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  expect(Object.keys(answers[0]!.headers)).not.toContain('ratelimit')
  await api.close()
})
