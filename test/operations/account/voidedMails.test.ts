import { newestToken, startMailApi, type MailApi } from '../../support/mailbox.ts'
import { signIn, signInAs, uniqueName, type SignedIn } from '../../support/people.ts'
import { eventsOf, storedUser } from '../../support/trail.ts'

/** What somebody else may have begun, by mail, before they were shut out. */
describe('mails of before', () => {
  let api: MailApi
  let admin: SignedIn
  beforeAll(async () => {
    api = await startMailApi()
    admin = await signInAs(api, 'admin')
  })
  afterAll(() => api.close())

  const freshAddress = () => `${uniqueName('fresh')}@example.com`
  const setActive = ({ user }: SignedIn, isActive: boolean) =>
    api.send('PATCH', `/v1/users/${user.id}`, { token: admin.token, body: { is_active: isActive } })
  const askForChange = ({ user, token }: SignedIn, email: string) =>
    api.send('PATCH', `/v1/users/${user.id}`, { token, body: { email } })
  const askForVerification = ({ token }: SignedIn) => api.send('POST', '/v1/auth/email/verify/resend', { token })
  const askForReset = ({ user }: SignedIn) =>
    api.send('POST', '/v1/auth/password/forgot', { body: { email: user.email } })
  const verify = async (token: string) => (await api.send('POST', '/v1/auth/email/verify', { body: { token } })).status
  const reset = async (token: string) => {
    const body = { token, new_password: 'eleven calm otters' }
    return (await api.send('POST', '/v1/auth/password/reset', { body })).status
  }
  const emailOf = async ({ user }: SignedIn) => (await storedUser(api, user.id)).email

  test('whoever is deactivated and activated again has no use of them', async () => {
    const person = await signInAs(api, 'user')
    const wanted = freshAddress()
    await askForVerification(person)
    const verification = await newestToken(api, person.user.email)
    await askForReset(person)
    const forgotten = await newestToken(api, person.user.email)
    await askForChange(person, wanted)
    const change = await newestToken(api, wanted)
    for (const isActive of [false, true]) {
      expect((await setActive(person, isActive)).status).toBe(200)
      expect([await verify(verification), await reset(forgotten), await verify(change)]).toEqual([401, 401, 401])
    }
    expect(await storedUser(api, person.user.id)).toMatchObject({ email: person.user.email, email_verified: false })
    await api.ageMails()
    await askForReset(person)
    expect(await reset(await newestToken(api, person.user.email))).toBe(204)
  })

  test('those that have yet to go out when somebody is deactivated never do', async () => {
    const person = await signInAs(api, 'user')
    const wanted = freshAddress()
    await askForVerification(person)
    await askForReset(person)
    await askForChange(person, wanted)
    for (const isActive of [false, true]) await setActive(person, isActive)
    expect([await api.mailsTo(person.user.email), await api.mailsTo(wanted)]).toEqual([[], []])
  })

  const enders = {
    'the person ends the other sessions': ({ token }: SignedIn, isNoChange: boolean) =>
      api.send('DELETE', '/v1/auth/sessions', { token, isNoChange }),
    'an administrator ends all': ({ user }: SignedIn, isNoChange: boolean) =>
      api.send('DELETE', `/v1/users/${user.id}/sessions`, { token: admin.token, isNoChange }),
  }

  test.each(Object.entries(enders))(
    'PWD-24 a change of address is over when %s, its mail sent or not',
    async (_, end) => {
      const here = await signInAs(api, 'user')
      const [sent, waiting] = [freshAddress(), freshAddress()]
      await askForChange(await signIn(api, here.user.username), sent)
      const token = await newestToken(api, sent)
      const answer = await end(here, false)
      expect(answer.status).toBe(204)
      expect((await eventsOf(api, answer)).map(({ action }) => action)).toContain('email.change-cancelled')
      expect(await verify(token)).toBe(401)

      const again = await signIn(api, here.user.username)
      await askForChange(again, waiting)
      expect((await end(again, false)).status).toBe(204)
      expect(await api.mailsTo(waiting)).toEqual([])
      expect(await emailOf(here)).toBe(here.user.email)
      expect((await end(await signIn(api, here.user.username), false)).status).toBe(204)
    },
  )

  test.each(Object.entries(enders))('what proves the present address holds when %s', async (_, end) => {
    const here = await signInAs(api, 'user')
    await signIn(api, here.user.username)
    await askForVerification(here)
    const verification = await newestToken(api, here.user.email)
    await askForReset(here)
    const forgotten = await newestToken(api, here.user.email)
    const answer = await end(here, false)
    expect(new Set((await eventsOf(api, answer)).map(({ action }) => action))).toEqual(new Set(['session.ended']))
    expect([await verify(verification), await reset(forgotten)]).toEqual([204, 204])
  })

  test('with no other session, the change alone is over, and it is an event; the next time nothing is', async () => {
    const here = await signInAs(api, 'user')
    await askForChange(here, freshAddress())
    const end = enders['the person ends the other sessions']
    expect(await eventsOf(api, await end(here, false))).toMatchObject([
      { action: 'email.change-cancelled', actor_id: here.user.id, subject_id: here.user.id, changes: {} },
    ])
    expect((await end(here, true)).status).toBe(204)
  })
})
