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
    await api.ageMails()
    await resend(person)
    const second = await newestToken(api, person.user.email)
    expect([await verify(first), await verify(second)]).toEqual([401, 204])
  })

  test('of several that are asked for within a minute one goes out, and its token holds', async () => {
    const person = await signInAs(api, 'user')
    for (let round = 0; round < 3; round += 1) await resend(person)
    const [mail, ...others] = await api.mailsTo(person.user.email)
    await resend(person)
    expect([others, (await api.mailsTo(person.user.email)).length]).toEqual([[], 1])
    expect(await verify(mail!.token!)).toBe(204)
  })

  test('one too many waits where the token of the one before holds no more', async () => {
    const person = await signInAs(api, 'user')
    await resend(person)
    const first = await newestToken(api, person.user.email)
    await api.database.query(`UPDATE mail_tokens SET expires_at = now() - interval '1 second'`)
    await resend(person)
    expect(await api.mailsTo(person.user.email)).toHaveLength(1)
    await api.ageMails()
    expect([await verify(first), await verify(await newestToken(api, person.user.email))]).toEqual([401, 204])
  })

  test('whoever is verified gets no mail, and the same answer', async () => {
    const person = await signInAs(api, 'user')
    await api.database.query('UPDATE users SET email_verified = true WHERE id = $1', [person.user.id])
    expect((await resend(person)).status).toBe(202)
    expect(await api.mailsTo(person.user.email)).toEqual([])
    expect(await api.database.query('SELECT id FROM outbox')).toEqual([])
  })
})
