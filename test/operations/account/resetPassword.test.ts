import { newestToken, startMailApi, type MailApi } from '../../support/mailbox.ts'
import { addPerson, password, signIn, signInAs, type SignedIn } from '../../support/people.ts'
import { eventsOf, storedUser } from '../../support/trail.ts'

const newPassword = 'eleven calm otters'

describe('resetPassword', () => {
  let api: MailApi
  let admin: SignedIn
  beforeAll(async () => {
    api = await startMailApi()
    admin = await signInAs(api, 'admin')
  })
  afterAll(() => api.close())

  const reset = (token: string, chosen = newPassword) =>
    api.send('POST', '/v1/auth/password/reset', { body: { token, new_password: chosen } })
  const statusOf = async (token: string) => (await reset(token)).status
  const login = async (identifier: string, chosen: string) =>
    (await api.send('POST', '/v1/auth/login', { body: { identifier, password: chosen } })).status
  const patch = (id: string, body: object) => api.send('PATCH', `/v1/users/${id}`, { token: admin.token, body })
  async function tokenFor({ email }: { email: string }): Promise<string> {
    await api.ageMails('1 hour')
    await api.send('POST', '/v1/auth/password/forgot', { body: { email } })
    return newestToken(api, email)
  }

  test('PWD-14! sets the password and ends every session, without signing in', async () => {
    const person = await signInAs(api, 'user')
    const elsewhere = await signIn(api, person.user.username)
    const answer = await reset(await tokenFor(person.user))
    expect([answer.status, answer.text, answer.headers['set-cookie']]).toEqual([204, '', undefined])
    for (const { token, refreshToken } of [person, elsewhere]) {
      expect((await api.send('GET', '/v1/auth/me', { token })).status).toBe(401)
      const refresh = await api.send('POST', '/v1/auth/refresh', { body: { refresh_token: refreshToken } })
      expect(refresh.status).toBe(401)
    }
    expect(await login(person.user.username, password)).toBe(401)
    expect(await login(person.user.username, newPassword)).toBe(200)
    const events = await eventsOf(api, answer)
    expect(events.map(({ action, actor_id }) => [action, actor_id])).toEqual([
      ['password.reset', null],
      ['session.ended', null],
      ['session.ended', null],
    ])
    expect(events[1]?.changes).toEqual({ end_reason: { after: 'password-changed' } })
    expect((await api.mailsTo(person.user.email)).at(-1)?.subject).toMatch(/^The password .* was changed$/)
  })

  test('PWD-16! ABU-94 works once, for half an hour', async () => {
    const person = await addPerson(api)
    const token = await tokenFor(person)
    expect([await statusOf(token), await statusOf(token)]).toEqual([204, 401])
    const late = await tokenFor(person)
    const age = (interval: string) =>
      api.database.query('UPDATE mail_tokens SET expires_at = expires_at - $1::interval', [interval])
    await age('30 minutes 1 second')
    const answer = await reset(late)
    expect([answer.status, answer.body]).toMatchObject([401, { type: '/problems/invalid-token' }])
    await age('-1 minute')
    expect(await statusOf(late)).toBe(204)
  })

  test('PWD-16! a newer request kills the older token', async () => {
    const person = await addPerson(api)
    const [first, second] = [await tokenFor(person), await tokenFor(person)]
    expect([await statusOf(first), await statusOf(second)]).toEqual([401, 204])
  })

  test('PWD-16! a verification token resets nothing, nor does any other', async () => {
    const { user, token, refreshToken } = await signInAs(api, 'user')
    await api.send('POST', '/v1/auth/email/verify/resend', { token })
    const verification = await newestToken(api, user.email)
    for (const wrong of [verification, refreshToken, token.slice(-43), 'x']) expect(await statusOf(wrong)).toBe(401)
    const verified = await api.send('POST', '/v1/auth/email/verify', { body: { token: verification } })
    expect(verified.status).toBe(204)
  })

  test.each([
    [
      'the person has changed the password',
      async ({ token }: SignedIn) => {
        const body = { current_password: password, new_password: 'twelve calm otters' }
        return api.send('PUT', '/v1/auth/password', { token, body })
      },
    ],
    [
      'an administrator has set it',
      ({ user }: SignedIn) => {
        const sent = { token: admin.token, body: { new_password: 'twelve calm otters' } }
        return api.send('PUT', `/v1/users/${user.id}/password`, sent)
      },
    ],
    ['the account has another address', ({ user }: SignedIn) => patch(user.id, { email: `new.${user.email}` })],
    ['the account is disabled', ({ user }: SignedIn) => patch(user.id, { is_active: false })],
    [
      'the account is deleted',
      ({ user }: SignedIn) => api.send('DELETE', `/v1/users/${user.id}`, { token: admin.token }),
    ],
  ])('PWD-16! ABU-94 DEL-01! a token is void once %s', async (_name, happen) => {
    const person = await signInAs(api, 'user')
    const token = await tokenFor(person.user)
    expect((await happen(person)).status).toBeLessThan(300)
    const { password_hash: hash } = await storedUser(api, person.user.id)
    expect(await statusOf(token)).toBe(401)
    expect(await storedUser(api, person.user.id)).toMatchObject({ password_hash: hash })
  })

  test('PWD-17! of twenty who redeem a token at once one succeeds, and the password is theirs', async () => {
    const person = await addPerson(api)
    const token = await tokenFor(person)
    const chosen = Array.from({ length: 20 }, (_, index) => `${newPassword} ${index}`)
    const statuses = await Promise.all(chosen.map(async (each) => (await reset(token, each)).status))
    expect([...statuses].sort()).toEqual([204, ...Array<number>(19).fill(401)])
    expect(await login(person.username, chosen[statuses.indexOf(204)]!)).toBe(200)
    const events = await api.database.query(
      `SELECT id FROM audit_events WHERE action = 'password.reset' AND subject_id = $1`,
      [person.id],
    )
    expect(events).toHaveLength(1)
  })

  test('a password that is refused leaves the token whole', async () => {
    const person = await addPerson(api)
    const token = await tokenFor(person)
    for (const [weak, status] of [
      ['passwordpassword', 422],
      [person.email, 422],
      ['short', 400],
      ['x'.repeat(129), 400],
    ] as const) {
      const answer = await reset(token, weak)
      expect([answer.status, answer.body]).toMatchObject([status, { errors: [{ pointer: '/new_password' }] }])
    }
    expect(await statusOf(token)).toBe(204)
  })

  test('PWD-16! no token that travels by mail is kept as it is', async () => {
    const { user, token } = await signInAs(api, 'user')
    const body = { username: 'to.be.verified', email: 'to.be.verified@example.com', password }
    await api.send('POST', '/v1/auth/register', { body })
    await api.send('POST', '/v1/auth/email/verify/resend', { token })
    await api.send('PATCH', `/v1/users/${user.id}`, { token, body: { email: 'wanted@example.com' } })
    const tokens = [
      await tokenFor(user),
      await newestToken(api, body.email),
      await newestToken(api, 'wanted@example.com'),
    ]
    tokens.push(...(await api.mailsTo(user.email)).map((mail) => mail.token ?? '').filter(Boolean))
    const [dump] = await api.database.query<{ everything: string }>(
      `SELECT string_agg(query_to_xml('SELECT * FROM ' || quote_ident(tablename), true, false, '')::text, '') AS everything
       FROM pg_tables WHERE schemaname = 'public'`,
    )
    expect(dump!.everything).toContain(body.email)
    expect(new Set(tokens).size).toBe(4)
    for (const each of [...tokens, password]) {
      const bytes = Buffer.from(each, 'base64url')
      for (const form of [each, bytes.toString('hex'), bytes.toString('base64'), Buffer.from(each).toString('hex')]) {
        expect(dump!.everything).not.toContain(form)
      }
    }
  })
})
