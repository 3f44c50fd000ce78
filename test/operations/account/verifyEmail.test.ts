import { newestToken, startMailApi, type MailApi } from '../../support/mailbox.ts'
import { addPerson, signInAs, type SignedIn } from '../../support/people.ts'
import { eventsOf, storedUser } from '../../support/trail.ts'

describe('verifyEmail', () => {
  let api: MailApi
  let admin: SignedIn
  beforeAll(async () => {
    api = await startMailApi()
    admin = await signInAs(api, 'admin')
  })
  afterAll(() => api.close())

  const verify = (token: string) => api.send('POST', '/v1/auth/email/verify', { body: { token } })
  const statusOf = async (token: string) => (await verify(token)).status
  const patch = (id: string, body: object) => api.send('PATCH', `/v1/users/${id}`, { token: admin.token, body })

  /** Somebody whose address is not verified, and the token of a mail that would. */
  async function unverified(): Promise<SignedIn & { mailToken: string }> {
    const person = await signInAs(api, 'user')
    await api.send('POST', '/v1/auth/email/verify/resend', { token: person.token })
    return { ...person, mailToken: await newestToken(api, person.user.email) }
  }

  test('verifies the address of an account, once', async () => {
    const { user, token, mailToken } = await unverified()
    expect(user.email_verified).toBe(false)
    const answer = await verify(mailToken)
    expect([answer.status, answer.text]).toEqual([204, ''])
    const [event, ...others] = await eventsOf(api, answer)
    expect([event, others]).toMatchObject([
      { action: 'user.email-verified', outcome: 'success', actor_id: null, subject_id: user.id },
      [],
    ])
    expect(event?.changes).toEqual({ email_verified: { before: false, after: true } })
    expect((await api.send('GET', '/v1/auth/me', { token })).body).toMatchObject({ email_verified: true })
    const again = await verify(mailToken)
    expect([again.status, again.body]).toMatchObject([401, { type: '/problems/invalid-token' }])
  })

  test('of twenty at once one succeeds', async () => {
    const { mailToken } = await unverified()
    const statuses = await Promise.all(Array.from({ length: 20 }, () => statusOf(mailToken)))
    expect(statuses.sort()).toEqual([204, ...Array<number>(19).fill(401)])
  })

  test('a token is good for a day, for the registered and for those who register', async () => {
    const { mailToken } = await unverified()
    await api.database.query(`UPDATE mail_tokens SET expires_at = expires_at - interval '24 hours 1 second'`)
    expect(await statusOf(mailToken)).toBe(401)
    const body = { username: 'late.comer', email: 'late.comer@example.com', password: 'nine slow trams uphill' }
    await api.send('POST', '/v1/auth/register', { body })
    const late = await newestToken(api, body.email)
    const age = (interval: string) =>
      api.database.query('UPDATE registrations SET expires_at = expires_at - $1::interval', [interval])
    await age('24 hours 1 second')
    expect(await statusOf(late)).toBe(401)
    await age('-1 minute')
    expect(await statusOf(late)).toBe(204)
  })

  test.each(['x', 'A'.repeat(43), 'pT7vXc2LmQ9sKd4HyR6wBn1FgZ8jU5aEoViY0tMlNbC'])('%s is no token', async (token) => {
    const answer = await verify(token)
    expect([answer.status, answer.body]).toMatchObject([401, { type: '/problems/invalid-token' }])
    expect(answer.text).not.toContain(token.slice(0, 20).padEnd(20))
  })

  test('PWD-16! neither a reset token nor a refresh token verifies an address', async () => {
    const { user, refreshToken } = await signInAs(api, 'user')
    await api.send('POST', '/v1/auth/password/forgot', { body: { email: user.email } })
    const reset = await newestToken(api, user.email)
    expect([await statusOf(reset), await statusOf(refreshToken)]).toEqual([401, 401])
    const body = { token: reset, new_password: 'eleven calm otters' }
    expect((await api.send('POST', '/v1/auth/password/reset', { body })).status).toBe(204)
  })

  test('a token is void once the account has another address, is disabled or deleted', async () => {
    const moved = await unverified()
    await patch(moved.user.id, { email: `moved.${moved.user.email}` })
    expect(await statusOf(moved.mailToken)).toBe(401)
    const moveStored = await storedUser(api, moved.user.id)
    expect(moveStored).toMatchObject({ email: `moved.${moved.user.email}`, email_verified: false })
    const disabled = await unverified()
    await patch(disabled.user.id, { is_active: false })
    expect(await statusOf(disabled.mailToken)).toBe(401)
    const deleted = await unverified()
    await api.send('DELETE', `/v1/users/${deleted.user.id}`, { token: admin.token })
    expect(await statusOf(deleted.mailToken)).toBe(401)
  })

  test('DEL-02! who takes the name of a deleted user gains nothing by the old mails', async () => {
    const old = await unverified()
    await api.send('DELETE', `/v1/users/${old.user.id}`, { token: admin.token })
    const heir = await addPerson(api, { name: old.user.username })
    expect(heir.email).toBe(old.user.email)
    expect(await statusOf(old.mailToken)).toBe(401)
    expect(await storedUser(api, heir.id)).toMatchObject({ email_verified: false })
  })
})
