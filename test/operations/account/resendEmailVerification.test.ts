import { newestToken, startMailApi, type MailApi } from '../../support/mailbox.ts'
import { signInAs, type SignedIn } from '../../support/people.ts'
import { eventsOf } from '../../support/trail.ts'

describe('resendEmailVerification', () => {
  let api: MailApi
  beforeAll(async () => {
    api = await startMailApi()
  })
  afterAll(() => api.close())

  const resend = ({ token }: SignedIn) => api.send('POST', '/v1/auth/email/verify/resend', { token })
  const verify = async (token: string) => (await api.send('POST', '/v1/auth/email/verify', { body: { token } })).status

  test('PWD-16! sends a token to the own address; the one before is void', async () => {
    const person = await signInAs(api, 'user')
    const answer = await resend(person)
    expect([answer.status, answer.body]).toEqual([202, { status: 'accepted' }])
    expect(await eventsOf(api, answer)).toMatchObject([
      { action: 'email.verification-requested', actor_id: person.user.id, subject_id: person.user.id },
    ])
    const first = await newestToken(api, person.user.email)
    await resend(person)
    const second = await newestToken(api, person.user.email)
    expect([await verify(first), await verify(second)]).toEqual([401, 204])
  })

  test('of two mails that go out together the later one holds', async () => {
    const person = await signInAs(api, 'user')
    for (const _ of [1, 2, 3]) await resend(person)
    const mails = await api.mailsTo(person.user.email)
    expect(mails).toHaveLength(3)
    const ids = mails.map((mail) => ({ order: mail.headers['message-id']!, token: mail.token! }))
    const newest = ids.sort((one, other) => (one.order < other.order ? -1 : 1)).at(-1)!
    const older = ids.slice(0, -1).map(({ token }) => token)
    expect(await Promise.all(older.map(verify))).toEqual([401, 401])
    expect(await verify(newest.token)).toBe(204)
  })

  test('whoever is verified gets no mail, and the same answer', async () => {
    const person = await signInAs(api, 'user')
    await api.database.query('UPDATE users SET email_verified = true WHERE id = $1', [person.user.id])
    expect((await resend(person)).status).toBe(202)
    expect(await api.mailsTo(person.user.email)).toEqual([])
    expect(await api.database.query('SELECT id FROM outbox')).toEqual([])
  })
})
