import { newestToken, startMailApi, type MailApi } from '../../support/mailbox.ts'
import { addPerson, password, signInAs, uniqueName, type SignedIn } from '../../support/people.ts'
import { eventsOf, storedUser } from '../../support/trail.ts'

/** People change their own address: `updateUser` and `replaceUser` ask, `verifyEmail` does it. */
describe('the change of one’s own e-mail address', () => {
  let api: MailApi
  let admin: SignedIn
  beforeAll(async () => {
    api = await startMailApi()
    admin = await signInAs(api, 'admin')
  })
  afterAll(() => api.close())

  const freshAddress = () => `${uniqueName('fresh')}@example.com`
  const ask = ({ user, token }: SignedIn, email: string) =>
    api.send('PATCH', `/v1/users/${user.id}`, { token, body: { email } })
  const verify = (token: string) => api.send('POST', '/v1/auth/email/verify', { body: { token } })
  const emailOf = async ({ user }: SignedIn) => (await storedUser(api, user.id)).email

  test('PWD-24 the old address holds until the new one is confirmed, and is told', async () => {
    const person = await signInAs(api, 'user')
    const email = freshAddress()
    const answer = await ask(person, email)
    expect([answer.status, answer.body]).toMatchObject([200, { email: person.user.email }])
    expect(await eventsOf(api, answer)).toMatchObject([
      { action: 'email.change-requested', changes: { email: { before: person.user.email, after: email } } },
    ])
    const token = await newestToken(api, email)
    const [notice] = await api.mailsTo(person.user.email)
    expect(notice?.subject).toMatch(/is about to change$/)
    expect(notice?.token).toBeUndefined()
    expect(notice?.text).not.toContain(email)
    expect(await emailOf(person)).toBe(person.user.email)

    const done = await verify(token)
    expect(done.status).toBe(204)
    expect(await storedUser(api, person.user.id)).toMatchObject({ email, email_verified: true })
    expect(await eventsOf(api, done)).toMatchObject([
      {
        action: 'user.email-verified',
        changes: { email: { before: person.user.email, after: email }, email_verified: { before: false, after: true } },
      },
    ])
    expect((await verify(token)).status).toBe(401)
  })

  test('PUT asks in the same way', async () => {
    const person = await signInAs(api, 'user')
    const email = freshAddress()
    const { username } = person.user
    const body = { username, email, first_name: null, last_name: null }
    const answer = await api.send('PUT', `/v1/users/${person.user.id}`, { token: person.token, body })
    expect([answer.status, answer.body]).toMatchObject([200, { email: person.user.email, first_name: null }])
    expect((await verify(await newestToken(api, email))).status).toBe(204)
    expect(await emailOf(person)).toBe(email)
  })

  test('ENU-06 an address that somebody has is answered like one that nobody has; its owner is told', async () => {
    const [person, other] = [await signInAs(api, 'user'), await addPerson(api)]
    const taken = await ask(person, other.email.toUpperCase())
    const free = await ask(person, freshAddress())
    expect([taken.status, taken.body]).toEqual([free.status, free.body])
    expect(Object.keys(taken.headers)).toEqual(Object.keys(free.headers))
    const again = await ask(person, other.email)
    expect(again.status).toBe(200)
    const [mail, ...more] = await api.mailsTo(other.email)
    expect([mail?.subject, mail?.token, more]).toEqual([
      'Your address was asked for at User Management API',
      undefined,
      [],
    ])
  })

  test('an address that somebody gets meanwhile is a 409 at the end, and nothing changes', async () => {
    const person = await signInAs(api, 'user')
    const email = freshAddress()
    await ask(person, email)
    const token = await newestToken(api, email)
    await addPerson(api, { name: email.split('@')[0]! })
    const answer = await verify(token)
    expect([answer.status, answer.body]).toMatchObject([409, { errors: [{ pointer: '/token', code: 'taken' }] }])
    expect(await emailOf(person)).toBe(person.user.email)
  })

  test('of two who confirm the same address at once one gets it', async () => {
    const people = [await signInAs(api, 'user'), await signInAs(api, 'user')]
    const email = freshAddress()
    for (const person of people) {
      await ask(person, email)
      await api.mailsTo(email)
      await api.ageMails()
    }
    const tokens = (await api.mailsTo(email)).map(({ token }) => token!)
    const statuses = (await Promise.all(tokens.map(verify))).map(({ status }) => status)
    expect(statuses.sort()).toEqual([204, 409])
  })

  test('sending the current address cancels what is pending, its mail sent or not, once', async () => {
    const person = await signInAs(api, 'user')
    const [sent, waiting] = [freshAddress(), freshAddress()]
    await ask(person, sent)
    const token = await newestToken(api, sent)
    const cancel = (isNoChange: boolean) => {
      const body = { email: person.user.email }
      return api.send('PATCH', `/v1/users/${person.user.id}`, { token: person.token, body, isNoChange })
    }
    const answer = await cancel(false)
    expect([answer.status, answer.body]).toMatchObject([200, { email: person.user.email }])
    expect(await eventsOf(api, answer)).toMatchObject([
      { action: 'email.change-cancelled', actor_id: person.user.id, subject_id: person.user.id, changes: {} },
    ])
    expect((await verify(token)).status).toBe(401)
    await ask(person, waiting)
    expect((await cancel(false)).status).toBe(200)
    expect(await api.mailsTo(waiting)).toEqual([])
    expect((await cancel(true)).status).toBe(200)
    expect(await emailOf(person)).toBe(person.user.email)
  })

  test('an address asked for again within a minute gets its mail when the minute is over', async () => {
    const person = await signInAs(api, 'user')
    const email = freshAddress()
    await ask(person, email)
    await newestToken(api, email)
    await ask(person, email)
    expect(await api.mailsTo(email)).toHaveLength(1)
    await api.ageMails()
    expect((await verify(await newestToken(api, email))).status).toBe(204)
  })

  test('the address asked for last counts, whichever mail is sent first', async () => {
    const person = await signInAs(api, 'user')
    const [first, second] = [freshAddress(), freshAddress()]
    await ask(person, first)
    const void1 = await newestToken(api, first)
    const [third, fourth] = [freshAddress(), freshAddress()]
    for (const email of [second, third, fourth]) await ask(person, email)
    const token = await newestToken(api, fourth)
    expect((await verify(void1)).status).toBe(401)
    expect([await api.mailsTo(second), await api.mailsTo(third)]).toEqual([[], []])
    expect((await verify(token)).status).toBe(204)
    expect(await emailOf(person)).toBe(fourth)
  })

  test.each([
    [
      'a reset',
      async (person: SignedIn, api: MailApi) => {
        await api.send('POST', '/v1/auth/password/forgot', { body: { email: person.user.email } })
        const token = await newestToken(api, person.user.email)
        return api.send('POST', '/v1/auth/password/reset', { body: { token, new_password: 'eleven calm otters' } })
      },
    ],
    [
      'a change',
      async ({ token }: SignedIn, api: MailApi) => {
        const body = { current_password: password, new_password: 'eleven calm otters' }
        return api.send('PUT', '/v1/auth/password', { token, body })
      },
    ],
  ])('%s of the password ends what somebody else had begun, its mail sent or not', async (_name, setPassword) => {
    const person = await signInAs(api, 'user')
    const [early, late] = [freshAddress(), freshAddress()]
    await ask(person, early)
    const token = await newestToken(api, early)
    expect((await setPassword(person, api)).status).toBe(204)
    expect((await verify(token)).status).toBe(401)

    const other = await signInAs(api, 'user')
    await ask(other, late)
    await api.send('PUT', `/v1/users/${other.user.id}/password`, {
      token: admin.token,
      body: { new_password: 'eleven calm otters' },
    })
    expect(await api.mailsTo(late)).toEqual([])
    expect([await emailOf(person), await emailOf(other)]).toEqual([person.user.email, other.user.email])
  })

  test('administrators set the addresses of others at once, and end what those had begun', async () => {
    const person = await signInAs(api, 'user')
    const [wanted, given] = [freshAddress(), freshAddress()]
    await ask(person, wanted)
    const token = await newestToken(api, wanted)
    const body = { email: given }
    const answer = await api.send('PATCH', `/v1/users/${person.user.id}`, { token: admin.token, body })
    expect([answer.status, answer.body]).toMatchObject([200, { email: given, email_verified: false }])
    expect((await verify(token)).status).toBe(401)
    expect(await emailOf(person)).toBe(given)
  })
})
