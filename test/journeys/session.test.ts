import { startApi, type Api } from '../support/api.ts'
import { addPerson, signIn, type SignedIn } from '../support/people.ts'
import { eventsAbout } from '../support/trail.ts'

interface Pair {
  access_token: string
  refresh_token: string
}

const profile = { username: 'john_doe', email: 'john@example.com', first_name: 'John', last_name: 'Doe' }
const account = { ...profile, password: 'SecurePass123!' }

/** One life of an account; each test goes on where the last one ended. */
describe('john_doe', () => {
  let api: Api
  let admin: SignedIn
  let id = ''
  let pair: Pair
  let older: Pair
  beforeAll(async () => {
    api = await startApi()
    admin = await signIn(api, (await addPerson(api, { role: 'admin' })).username)
  })
  afterAll(() => api.close())

  const login = async () => {
    const body = { identifier: account.username, password: account.password }
    const answer = await api.send('POST', '/v1/auth/login', { body })
    if (answer.status === 200) pair = answer.body
    return answer.status
  }
  const refresh = (token: string, isNoChange = false) =>
    api.send('POST', '/v1/auth/refresh', { body: { refresh_token: token }, isNoChange })
  const me = async (token = pair.access_token) => (await api.send('GET', '/v1/auth/me', { token })).status
  const patch = (body: object, token = admin.token) => api.send('PATCH', `/v1/users/${id}`, { token, body })

  test('is created by an administrator, and signs in', async () => {
    const created = await api.send('POST', '/v1/users', { token: admin.token, body: account })
    id = (created.body as { id: string }).id
    expect([created.status, await login(), await me()]).toEqual([201, 200, 200])
  })

  test('edits the own profile', async () => {
    const answer = await patch({ last_name: 'Roe' }, pair.access_token)
    expect(answer.body).toMatchObject({ id, last_name: 'Roe' })
  })

  test('refreshes, loses an answer, and asks for it again', async () => {
    older = pair
    const lost = await refresh(pair.refresh_token)
    const again = await refresh(pair.refresh_token, true)
    pair = again.body
    expect(pair.refresh_token).toBe((lost.body as Pair).refresh_token)
    expect([await me(), await me(older.access_token)]).toEqual([200, 200])
    pair = (await refresh(pair.refresh_token)).body
    expect(await me()).toBe(200)
  })

  test('has a token stolen: its second use ends the session for both', async () => {
    const answer = await refresh(older.refresh_token)
    expect(answer.body).toMatchObject({ type: '/problems/token-reused', status: 401 })
    expect([await me(), await me(older.access_token)]).toEqual([401, 401])
    expect((await refresh(pair.refresh_token)).status).toBe(401)
  })

  test('signs in again and is disabled', async () => {
    expect([await login(), await me()]).toEqual([200, 200])
    expect((await patch({ is_active: false })).status).toBe(200)
    expect([await me(), (await refresh(pair.refresh_token)).status, await login()]).toEqual([401, 401, 401])
  })

  test('is enabled, becomes a moderator, signs out', async () => {
    await patch({ is_active: true })
    expect([await me(), await login()]).toEqual([401, 200])
    await patch({ role: 'moderator' })
    expect((await api.send('GET', '/v1/users', { token: pair.access_token })).status).toBe(200)
    expect((await api.send('POST', '/v1/auth/logout', { token: pair.access_token })).status).toBe(204)
    expect(await me()).toBe(401)
  })

  test('is deleted, and the name goes to somebody else', async () => {
    await login()
    expect((await api.send('DELETE', `/v1/users/${id}`, { token: admin.token })).status).toBe(204)
    expect([await me(), await login()]).toEqual([401, 401])
    const again = await api.send('POST', '/v1/users', { token: admin.token, body: account })
    expect(again.status).toBe(201)
    expect((again.body as { id: string }).id).not.toBe(id)
  })

  test('AUD-01! AUD-09! the trail tells all of it, in order, and who did it', async () => {
    const events = await eventsAbout(api, id)
    const own = (action: string, changes = {}) => ({ action, actor_id: id, outcome: 'success', changes })
    const byAdmin = (action: string, changes: object = {}) => ({ action, actor_id: admin.user.id, changes })
    const bySomebody = (action: string) => ({ action, actor_id: null, outcome: 'failure', changes: {} })
    const ended = (reason: string) => ({ end_reason: { after: reason } })
    const changed = (field: string, before: unknown, after: unknown) => ({ [field]: { before, after } })
    const created = Object.entries({ ...profile, role: 'user', is_active: true }).map(([name, after]) => [
      name,
      { after },
    ])
    expect(events).toMatchObject([
      byAdmin('user.created', Object.fromEntries(created) as object),
      own('session.started'),
      own('user.updated', changed('last_name', 'Doe', 'Roe')),
      own('session.refreshed'),
      own('session.refreshed'),
      bySomebody('session.token-reused'),
      own('session.started'),
      byAdmin('user.updated', changed('is_active', true, false)),
      byAdmin('session.ended', ended('user-disabled')),
      bySomebody('login.failed'),
      byAdmin('user.updated', changed('is_active', false, true)),
      own('session.started'),
      byAdmin('user.updated', changed('role', 'user', 'moderator')),
      own('session.ended', ended('logout')),
      own('session.started'),
      byAdmin('user.deleted'),
      byAdmin('session.ended', ended('user-deleted')),
    ])
    expect(JSON.stringify(events)).not.toContain(account.password)
    const reused = events.filter(({ action }) => action === 'session.token-reused')
    expect(reused[0]!.session_id).toBe(events[1]!.session_id)
  })
})
