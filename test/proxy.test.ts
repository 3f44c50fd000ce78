import { operationIds, templateOf } from './support/contract.ts'
import { startApi, type Api } from './support/api.ts'
import { addPerson, password, signInAs, type SignedIn } from './support/people.ts'
import { startMilliseconds, startPrism, type Prism } from './support/prism.ts'
import { contract } from '../generated/contract.ts'

const absentUser = '/v1/users/0199d8b2-5f1e-7c3a-9d6e-2b8f4a1c7e55'

/** Prism between client and server, so that a second reader of the contract judges both. */
describe('prism proxy', () => {
  let api: Api
  let admin: SignedIn
  /** Judges requests, too, and lets only those pass that fit the contract. */
  let strict: Prism
  /** Judges answers alone. */
  let lenient: Prism
  const asked = new Set<string>()

  beforeAll(async () => {
    api = await startApi({ env: { RATE_LIMIT_READS_PER_HOUR: '20', SIGNUP_ENABLED: 'true' } })
    admin = await signInAs(api, 'admin')
    const proxy = ['proxy', 'generated/openapi.json', api.url, '--errors']
    const both = [startPrism(...proxy), startPrism(...proxy, '--validate-request=false')] as const
    ;[strict, lenient] = await Promise.all(both)
  }, startMilliseconds)
  afterAll(async () => {
    await Promise.all([strict.stop(), lenient.stop()])
    await api.close()
  })

  interface Sent {
    by?: Prism
    token?: string | undefined
    body?: unknown
    /** Lines of a file to import. */
    file?: string
    headers?: Record<string, string>
  }

  /** Sends a request by way of Prism; the answer must be the server's, and nobody may have found fault with it. */
  async function send(
    method: string,
    path: string,
    { by = strict, token = admin.token, body, file, headers }: Sent = {},
  ): Promise<{ status: number; body: Record<string, unknown> }> {
    const answer = await fetch(`${by.url}${path}`, {
      method,
      headers: {
        // Prism unpacks what is compressed and still says that it is.
        'accept-encoding': 'identity',
        ...(token && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(file !== undefined && { 'content-type': 'application/x-ndjson' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(file !== undefined && { body: file }),
    })
    const text = await answer.text()
    expect(answer.headers.get('sl-violations')).toBeNull()
    expect(text).not.toContain('stoplight.io/prism')
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    asked.add(`${method} ${templateOf(path)}`)
    const isJson = answer.headers.get('content-type')?.endsWith('json') && !path.startsWith('/v1/user-exports')
    return { status: answer.status, body: isJson ? (JSON.parse(text) as Record<string, unknown>) : {} }
  }

  const status = async (...given: Parameters<typeof send>) => (await send(...given)).status

  test('the life of a user, from creation to deletion', async () => {
    const account = { username: 'ada.lovelace', email: 'ada@example.com', password }
    const created = await send('POST', '/v1/users', { body: account })
    expect(created.status).toBe(201)
    const path = `/v1/users/${String(created.body.id)}`

    const login = await send('POST', '/v1/auth/login', { token: '', body: { identifier: account.username, password } })
    expect(login.status).toBe(200)
    const body = { refresh_token: login.body.refresh_token }
    const refreshed = await send('POST', '/v1/auth/refresh', { token: '', body })
    expect(refreshed.status).toBe(200)
    const token = String(refreshed.body.access_token)

    expect(await status('GET', '/v1/auth/me', { token })).toBe(200)
    expect(await status('GET', path, { token })).toBe(200)
    expect(await status('PATCH', path, { token, body: { first_name: 'Ada', last_name: null } })).toBe(200)
    const whole = { username: 'ada', email: 'ada@example.com', first_name: 'Ada', last_name: 'King' }
    expect(await status('PUT', path, { body: { ...whole, role: 'moderator', is_active: true } })).toBe(200)
    const list = await send('GET', '/v1/users?limit=1&sort=created_at', { token })
    const { next_cursor } = list.body.page as { next_cursor: string }
    expect(await status('GET', `/v1/users?limit=1&sort=created_at&cursor=${next_cursor}`, { token })).toBe(200)
    expect(await status('POST', '/v1/auth/logout', { token })).toBe(204)
    expect(await status('DELETE', path)).toBe(204)
    expect(await status('GET', '/health', { token: '' })).toBe(200)
    expect(await status('GET', '/ready', { token: '' })).toBe(200)
  })

  test('refusals of requests that fit the contract', async () => {
    const { token, user } = await signInAs(api, 'user')
    const taken = { username: user.username, email: 'new@example.com', password }
    expect(await status('POST', '/v1/users', { body: taken })).toBe(409)
    expect(await status('POST', '/v1/users', { body: { ...taken, password: 'password1234' } })).toBe(422)
    expect(await status('POST', '/v1/users', { token, body: taken })).toBe(403)
    expect(await status('GET', '/v1/users', { token })).toBe(403)
    expect(await status('GET', absentUser, { token })).toBe(403)
    expect(await status('GET', absentUser)).toBe(404)
    expect(await status('PATCH', absentUser, { body: { last_name: 'Roe' } })).toBe(404)
    expect(await status('DELETE', absentUser)).toBe(404)
    expect(await status('DELETE', `/v1/users/${admin.user.id}`)).toBe(409)
    expect(await status('PATCH', `/v1/users/${admin.user.id}`, { body: { role: 'user' } })).toBe(409)
    expect(await status('GET', '/v1/users?cursor=nonsense')).toBe(400)
    expect(await status('GET', '/v1/auth/me', { token: 'e30.e30.e30' })).toBe(401)
    const wrong = { identifier: user.username, password: 'not the password' }
    expect(await status('POST', '/v1/auth/login', { token: '', body: wrong })).toBe(401)
    expect(await status('POST', '/v1/auth/refresh', { token: '', body: { refresh_token: 'spent' } })).toBe(401)
  })

  test('refusals of requests that do not', async () => {
    const by = lenient
    const { id } = await addPerson(api)
    // Not without a token: whatever it is told, Prism answers that itself.
    expect(await status('POST', '/v1/auth/logout', { by, token: 'e30' })).toBe(401)
    expect(await status('GET', '/v1/users?limit=0&colour=red', { by })).toBe(400)
    expect(await status('GET', '/v1/users/42', { by })).toBe(400)
    expect(await status('POST', '/v1/users', { by, body: { username: '!' } })).toBe(400)
    expect(await status('POST', '/v1/auth/login', { by, body: { password } })).toBe(400)
    expect(await status('PUT', `/v1/users/${id}`, { by, body: { nickname: 'x' } })).toBe(400)
    expect(await status('PATCH', `/v1/users/${id}`, { by, body: { is_active: 'no' } })).toBe(400)
    const headers = { 'content-type': 'text/plain' }
    expect(await status('PATCH', `/v1/users/${id}`, { by, body: {}, headers })).toBe(415)
    expect(await status('GET', '/v1/auth/me', { by, headers: { accept: 'text/html' } })).toBe(406)
    expect(await status('POST', '/v1/auth/login', { by, body: { password: 'x'.repeat(110_000) } })).toBe(413)
  })

  test('accounts, sessions and keys', async () => {
    const person = await signInAs(api, 'user')
    const { token, user } = person
    const status = async (...[method, path, sent]: Parameters<typeof send>) => (await send(method, path, sent)).status
    const new_password = 'seven quiet bicycles'
    const stale = 'pT7vXc2LmQ9sKd4HyR6wBn1FgZ8jU5aEoViY0tMlNbC'
    const registration = { username: 'jane_roe', email: 'jane@example.com', password }
    expect(await status('POST', '/v1/auth/register', { body: registration })).toBe(202)
    expect(await status('POST', '/v1/auth/email/verify', { body: { token: stale } })).toBe(401)
    expect(await status('POST', '/v1/auth/email/verify/resend', { token })).toBe(202)
    expect(await status('POST', '/v1/auth/password/forgot', { body: { email: user.email } })).toBe(202)
    expect(await status('POST', '/v1/auth/password/reset', { body: { token: stale, new_password } })).toBe(401)
    expect(await status('GET', '/v1/auth/sessions', { token })).toBe(200)
    expect(await status('DELETE', '/v1/auth/sessions', { token })).toBe(204)
    const change = { current_password: password, new_password }
    expect(await status('PUT', '/v1/auth/password', { token, body: change })).toBe(204)
    expect(await status('GET', `/v1/users/${user.id}/sessions`)).toBe(200)
    expect(await status('DELETE', `/v1/auth/sessions/${absentUser.slice(-36)}`, { token })).toBe(404)
    expect(await status('DELETE', `/v1/users/${user.id}/sessions`)).toBe(204)
    const set = { new_password: 'eight quiet bicycles' }
    expect(await status('PUT', `/v1/users/${user.id}/password`, { body: set })).toBe(204)
    expect(await status('GET', '/.well-known/jwks.json')).toBe(200)
  })

  test('the trail, and the end of a user', async () => {
    const { id } = await addPerson(api)
    expect(await status('GET', `/v1/users/${id}/data`)).toBe(200)
    expect(await status('DELETE', `/v1/users/${id}`)).toBe(204)
    expect(await status('POST', `/v1/users/${id}/restore`)).toBe(200)
    const trail = await send('GET', `/v1/users/${id}/audit-events`)
    expect(trail.status).toBe(200)
    const [event] = trail.body.data as [{ id: string }]
    expect(await status('GET', `/v1/audit-events?subject_id=${id}`)).toBe(200)
    expect(await status('GET', `/v1/audit-events/${event.id}`)).toBe(200)
    expect(await status('GET', `/v1/audit-events/${event.id}/proof`)).toBe(404)
    expect(await status('POST', `/v1/users/${id}/erase`)).toBe(200)
  })

  test('users in bulk, in and out', async () => {
    const file = `${JSON.stringify({ username: 'in.bulk', email: 'in.bulk@example.com' })}\n`
    const begun = await send('POST', '/v1/user-imports?dry_run=true', { file })
    expect(begun.status).toBe(202)
    const path = `/v1/user-imports/${String(begun.body.id)}`
    expect(await status('GET', '/v1/user-imports')).toBe(200)
    expect(await status('GET', path)).toBe(200)
    expect(await status('GET', `${path}/results?status=failed`)).toBe(200)
    expect(await status('POST', `${path}/cancel`)).toBe(200)
    expect(await status('GET', '/v1/user-exports?role=admin')).toBe(200)
  })

  test('a limit that is used up', async () => {
    const { token } = await signInAs(api, 'user')
    for (let round = 0; round < 20; round++) await api.send('GET', '/v1/auth/me', { token })
    expect(await status('GET', '/v1/auth/me', { token })).toBe(429)
  })

  test('every operation was asked', () => {
    const all = operationIds.map((id) => `${contract[id].method.toUpperCase()} ${contract[id].path}`)
    expect(all.filter((each) => !asked.has(each))).toEqual([])
  })
})
