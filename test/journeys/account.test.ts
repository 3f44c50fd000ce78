import { decode } from '../support/forge.ts'
import { newestToken, startMailApi } from '../support/mailbox.ts'

interface Pair {
  access_token: string
  refresh_token: string
}

const account = { username: 'jane.roe', email: 'jane.roe@example.com', password: 'seven quiet bicycles' }
const forgotten = 'eleven calm otters'

test('register, verify by mail, sign in, refresh, be robbed, be locked out, reset by mail: all of before is dead', async () => {
  await using api = await startMailApi({ env: { RATE_LIMIT_AUTH_PER_MINUTE: '1000' } })
  const post = (path: string, body: object) => api.send('POST', `/v1/auth/${path}`, { body })
  const login = (password: string) => post('login', { identifier: account.email, password })
  const refresh = (token: string) => post('refresh', { refresh_token: token })
  const me = async ({ access_token: token }: Pair) => (await api.send('GET', '/v1/auth/me', { token })).status
  const pairOf = (answer: { body: unknown }) => answer.body as Pair

  expect((await post('register', account)).status).toBe(202)
  expect((await login(account.password)).status).toBe(401)
  const verification = await newestToken(api, account.email)
  expect((await post('email/verify', { token: verification })).status).toBe(204)

  const first = pairOf(await login(account.password))
  const elsewhere = pairOf(await login(account.password))
  expect([await me(first), await me(elsewhere)]).toEqual([200, 200])

  const second = pairOf(await refresh(first.refresh_token))
  expect(await me(second)).toBe(200)
  await api.database.query(`UPDATE refresh_tokens SET spent_at = spent_at - interval '11 seconds'`)
  expect((await refresh(first.refresh_token)).body).toMatchObject({ type: '/problems/token-reused' })
  expect([await me(first), await me(second), (await refresh(second.refresh_token)).status]).toEqual([401, 401, 401])
  expect(await me(elsewhere)).toBe(200)

  const statuses = new Set<number>()
  for (let attempt = 0; attempt < 30 && !statuses.has(429); attempt += 1) statuses.add((await login('not this')).status)
  expect([...statuses]).toEqual([401, 429])
  const lockedOut = await login(account.password)
  expect(lockedOut.status).toBe(429)
  expect(Number(lockedOut.headers['retry-after'])).toBeGreaterThan(0)

  expect((await post('password/forgot', { email: account.email })).status).toBe(202)
  const reset = { token: await newestToken(api, account.email), new_password: forgotten }
  expect((await post('password/reset', reset)).status).toBe(204)
  expect([await me(elsewhere), (await refresh(elsewhere.refresh_token)).status]).toEqual([401, 401])
  expect((await post('password/reset', reset)).status).toBe(401)
  const sessions = 'SELECT id FROM sessions WHERE ended_at IS NULL'
  expect(await api.database.query(sessions)).toEqual([])

  const last = pairOf(await login(forgotten))
  expect(await me(last)).toBe(200)
  expect(await api.database.query(sessions)).toEqual([{ id: decode(last.access_token).claims.sid }])
  const subjects = (await api.mailsTo(account.email)).map(({ subject }) => subject)
  expect(subjects).toEqual([
    'Confirm your e-mail address for User Management API',
    'Set a new password for User Management API',
    'The password of your account at User Management API was changed',
  ])
}, 60_000)
