import { newestToken, startMailApi, type MailApi } from '../../support/mailbox.ts'
import { addPerson, password, signInAs, uniqueName } from '../../support/people.ts'
import { startApi } from '../../support/api.ts'
import type { Answer } from '../../support/checkAnswer.ts'

const path = '/v1/auth/register'

describe('registerUser', () => {
  let api: MailApi
  beforeAll(async () => {
    api = await startMailApi()
  })
  afterAll(() => api.close())

  const account = (changes: object = {}) => {
    const username = uniqueName('new')
    return { username, email: `${username}@example.com`, password, ...changes }
  }
  const register = (body: object) => api.send('POST', path, { body })
  const verify = async (token: string) => (await api.send('POST', '/v1/auth/email/verify', { body: { token } })).status
  const login = async (identifier: string) =>
    (await api.send('POST', '/v1/auth/login', { body: { identifier, password } })).status

  test('the account comes to be, and holds its name, once the address is verified', async () => {
    const body = account({ first_name: 'Zoe\u0308', last_name: null })
    const answer = await register(body)
    expect([answer.status, answer.body]).toEqual([202, { status: 'accepted' }])
    const [mail, ...others] = await api.mailsTo(body.email)
    expect(others).toEqual([])
    expect(mail?.text).toContain(body.username)
    expect(await login(body.username)).toBe(401)
    expect(await api.database.query('SELECT id FROM users WHERE username = $1', [body.username])).toEqual([])
    expect(await verify(mail!.token!)).toBe(204)
    const signedIn = await api.send('POST', '/v1/auth/login', { body: { identifier: body.email, password } })
    const profile = {
      username: body.username,
      email: body.email,
      first_name: 'Zo\u00eb',
      last_name: null,
      role: 'user',
    }
    expect(signedIn.body).toMatchObject({ user: { ...profile, is_active: true, email_verified: true } })
    expect(await api.database.query('SELECT id FROM registrations WHERE username = $1', [body.username])).toEqual([])
  })

  test('ENU-04! nobody but the reader of the mail learns whether name or address are known', async () => {
    const known = await addPerson(api)
    const attempts = [
      account(),
      account({ email: known.email }),
      account({ email: known.email.toUpperCase() }),
      account({ username: known.username.toUpperCase() }),
      account({ username: known.username, email: known.email }),
    ]
    const answers: Answer[] = []
    for (const body of attempts) answers.push(await register(body))
    const visible = answers.map(({ status, headers, text }) => ({
      ...{ status, text },
      headers: { ...headers, 'x-request-id': '', date: '' },
    }))
    expect(visible).toEqual(Array(attempts.length).fill({ ...visible[0], status: 202 }))

    const subjects = async (email: string) => (await api.mailsTo(email)).map(({ subject }) => subject)
    expect(await subjects(attempts[0]!.email)).toEqual(['Confirm your e-mail address for User Management API'])
    expect(await subjects(known.email)).toEqual(['You have an account at User Management API already'])
    expect(await subjects(attempts[3]!.email)).toEqual(['Choose another username for User Management API'])
    for (const email of [known.email, known.email.toUpperCase(), attempts[3]!.email]) {
      expect((await api.mailsTo(email)).map(({ token }) => token).filter(Boolean)).toEqual([])
    }
    expect(await login(known.username)).toBe(200)
  })

  test('of two who ask for the same name the first to verify gets it', async () => {
    const first = account()
    const second = account({ username: first.username.toUpperCase() })
    for (const body of [first, second]) expect((await register(body)).status).toBe(202)
    const tokens = [await newestToken(api, first.email), await newestToken(api, second.email)]
    expect(await verify(tokens[1]!)).toBe(204)
    const late = await api.send('POST', '/v1/auth/email/verify', { body: { token: tokens[0] } })
    expect([late.status, late.body]).toMatchObject([
      409,
      { errors: [{ pointer: '/token', code: 'taken', detail: 'another account has this username' }] },
    ])
    expect([await login(second.email), await login(first.email)]).toEqual([200, 401])
  })

  const registrationsOf = (email: string) =>
    api.database.query('SELECT id FROM registrations WHERE email_key = $1', [email.toLowerCase()])

  test('PWD-16! of several registrations of one address the last alone can be completed, and leaves no other', async () => {
    const first = account()
    const second = account({ email: first.email.replace('new', 'NEW') })
    const third = account({ email: first.email })
    await register(first)
    const early = await newestToken(api, first.email)
    await api.ageMails()
    await register(second)
    const late = await newestToken(api, second.email)
    expect(await verify(early)).toBe(401)
    await register(third)
    expect(await verify(late)).toBe(204)
    expect(await registrationsOf(first.email)).toEqual([])
    expect((await api.mailsTo(third.email)).length).toBe(1)
    expect([await login(second.username), await login(first.username), await login(third.username)]).toEqual([
      200, 401, 401,
    ])
  })

  test('registering again within a minute voids the token at once; the next mail waits for the minute to pass', async () => {
    const body = account()
    await register(body)
    const stranger = await newestToken(api, body.email)
    for (let round = 0; round < 3; round += 1) await register(account({ email: body.email }))
    expect(await api.mailsTo(body.email)).toHaveLength(1)
    expect(await verify(stranger)).toBe(401)
    await api.ageMails()
    const mails = await api.mailsTo(body.email)
    expect(mails).toHaveLength(2)
    expect(await verify(mails[1]!.token!)).toBe(204)
    expect(await api.database.query('SELECT id FROM users WHERE email = $1', [body.email])).toHaveLength(1)
  })

  test.each(['admin', 'Admin', 'ad.min', '_root_', 'SUPPORT', 'post-master'])(
    'INP-07! the name %s may not be taken, before or after',
    async (username) => {
      const answer = await register(account({ username }))
      expect(answer.status).toBe(409)
      expect(answer.body).toMatchObject({ errors: [{ pointer: '/username', code: 'reserved' }] })
      const person = await signInAs(api, 'user')
      const patch = { token: person.token, body: { username } }
      expect((await api.send('PATCH', `/v1/users/${person.user.id}`, patch)).status).toBe(409)
    },
  )

  test('a password that is refused is a 422 that says why; what does not fit the contract a 400', async () => {
    const weak = await register(account({ password: 'passwordpassword' }))
    expect([weak.status, weak.body]).toMatchObject([422, { errors: [{ pointer: '/password' }] }])
    const name = account({ username: 'a.very.long.name' })
    expect((await register({ ...name, password: 'a.very.long.name1' })).status).toBe(422)
    for (const extra of [{ role: 'admin' }, { is_active: true }, { email_verified: true }]) {
      const answer = await register(account(extra))
      const pointer = `/${Object.keys(extra)[0]}`
      expect([answer.status, answer.body]).toMatchObject([400, { errors: [{ pointer, code: 'unknown-property' }] }])
    }
  })

  test('there is no such thing where the operator has not allowed it', async () => {
    const closed = await startApi({ database: api.database })
    const answer = await closed.send('POST', path, { body: account() })
    await closed.close()
    expect([answer.status, answer.body]).toMatchObject([404, { type: '/problems/not-found' }])
    expect(await api.database.query('SELECT id FROM outbox')).toEqual([])
  })
})
