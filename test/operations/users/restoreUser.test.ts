import { startApi, type Api } from '../../support/api.ts'
import { addPerson, password, signInAs, type SignedIn } from '../../support/people.ts'
import { countEvents, eventsOf, storedUser } from '../../support/trail.ts'

const absentId = '0199d8b2-5f1e-7c3a-9d6e-2b8f4a1c7e55'

describe('restoreUser', () => {
  let api: Api
  let admin: SignedIn
  beforeAll(async () => {
    api = await startApi()
    admin = await signInAs(api, 'admin')
  })
  afterAll(() => api.close())

  const remove = (id: string) => api.send('DELETE', `/v1/users/${id}`, { token: admin.token })
  const restore = (id: string) => api.send('POST', `/v1/users/${id}/restore`, { token: admin.token })
  const login = async (identifier: string) =>
    (await api.send('POST', '/v1/auth/login', { body: { identifier, password } })).status

  test('DEL-03! brings a user back as before, signed in nowhere', async () => {
    const person = await signInAs(api, 'moderator')
    const before = await storedUser(api, person.user.id)
    await remove(person.user.id)
    const answer = await restore(person.user.id)
    expect([answer.status, answer.body]).toMatchObject([
      200,
      { id: person.user.id, role: 'moderator', is_active: true },
    ])
    const { updated_at: _, ...rest } = before
    expect(await storedUser(api, person.user.id)).toMatchObject({ ...rest, version: 3, deleted_at: null })
    expect((await api.send('GET', '/v1/auth/me', { token: person.token })).status).toBe(401)
    const body = { refresh_token: person.refreshToken }
    expect((await api.send('POST', '/v1/auth/refresh', { body })).status).toBe(401)
    expect(await login(person.user.email)).toBe(200)
    const events = await eventsOf(api, answer)
    expect(events).toMatchObject([
      { action: 'user.restored', actor_id: admin.user.id, subject_id: person.user.id, changes: {} },
    ])
  })

  test('a disabled user comes back disabled', async () => {
    const { id, username } = await addPerson(api)
    await api.send('PATCH', `/v1/users/${id}`, { token: admin.token, body: { is_active: false } })
    await remove(id)
    expect((await restore(id)).body).toMatchObject({ is_active: false })
    expect(await login(username)).toBe(401)
  })

  test('DEL-03! a name and an address that are another’s by now: nothing is changed', async () => {
    const { id, username, email } = await addPerson(api)
    await remove(id)
    const body = { username: username.toUpperCase(), email: `other.${email}`, password }
    const taker = (await api.send('POST', '/v1/users', { token: admin.token, body })).body as { id: string }
    const [before, count] = [await storedUser(api, id), await countEvents(api)]
    const one = await restore(id)
    expect([one.status, one.body]).toMatchObject([409, { type: '/problems/conflict' }])
    expect((one.body as { errors: unknown }).errors).toEqual([
      { in: 'body', pointer: '/username', code: 'taken', detail: 'another account has this username' },
    ])
    await api.send('PATCH', `/v1/users/${taker.id}`, { token: admin.token, body: { email: email.toUpperCase() } })
    const both = await restore(id)
    expect(both.body).toMatchObject({ errors: [{ pointer: '/username' }, { pointer: '/email' }] })
    expect([await storedUser(api, id), await countEvents(api)]).toEqual([before, count + 1])

    await remove(taker.id)
    expect((await restore(id)).status).toBe(200)
    expect((await restore(taker.id)).status).toBe(409)
  })

  test('who is there, who never was and who was erased are not found', async () => {
    const living = await addPerson(api)
    const erased = await addPerson(api)
    await remove(erased.id)
    await api.send('POST', `/v1/users/${erased.id}/erase`, { token: admin.token })
    const statuses = await Promise.all([living.id, erased.id, absentId].map(async (id) => (await restore(id)).status))
    expect(statuses).toEqual([404, 404, 404])
  })

  test('a mail of before the deletion cannot be redeemed after the restoration', async () => {
    const { id, email } = await addPerson(api)
    await api.database.query(
      `INSERT INTO mail_tokens (token_hash, purpose, user_id, email, expires_at)
       VALUES (sha256('x'), 'password-reset', $1, $2, now() + interval '1 hour')`,
      [id, email],
    )
    await api.send('POST', '/v1/auth/password/forgot', { body: { email } })
    await remove(id)
    await restore(id)
    expect(await api.database.query('SELECT FROM mail_tokens WHERE user_id = $1', [id])).toEqual([])
    expect(await api.database.query(`SELECT FROM outbox WHERE details ->> 'email' = $1`, [email])).toEqual([])
  })

  test('of two who restore at once one finds nothing to restore', async () => {
    const { id } = await addPerson(api)
    await remove(id)
    const statuses = (await Promise.all([restore(id), restore(id)])).map(({ status }) => status)
    expect(statuses.sort()).toEqual([200, 404])
  })

  test('of two who want the same name, one by restoration, exactly one gets it, twenty times', async () => {
    for (let round = 0; round < 20; round += 1) {
      const { id, username, email } = await addPerson(api)
      await remove(id)
      const body = { username, email, password }
      const answers = await Promise.all([restore(id), api.send('POST', '/v1/users', { token: admin.token, body })])
      expect(answers.filter(({ status }) => status === 409)).toHaveLength(1)
      const text = 'SELECT FROM users WHERE email = $1 AND deleted_at IS NULL'
      expect(await api.database.query(text, [email])).toHaveLength(1)
    }
  })
})
