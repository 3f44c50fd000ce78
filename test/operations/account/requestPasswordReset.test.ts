import { sendMail } from '../../../src/jobs/sendMail.ts'
import { newestToken, startMailApi, type MailApi } from '../../support/mailbox.ts'
import { addPerson, password, signIn, signInAs } from '../../support/people.ts'
import { eventsAbout, eventsOf, storedUser } from '../../support/trail.ts'

const path = '/v1/auth/password/forgot'

describe('requestPasswordReset', () => {
  let api: MailApi
  beforeAll(async () => {
    api = await startMailApi({ env: { PUBLIC_URL: 'https://people.example.org' } })
  })
  afterAll(() => api.close())

  const request = (email: string, headers: Record<string, string> = {}) =>
    api.send('POST', path, { body: { email }, headers })
  const resetMailsTo = async (email: string) =>
    (await api.mailsTo(email)).filter(({ token }) => token !== undefined).length

  test('ENU-04! known, unknown, disabled and deleted addresses: one answer, and one mail', async () => {
    const admin = await signInAs(api, 'admin')
    const [known, disabled, deleted] = [await addPerson(api), await addPerson(api), await addPerson(api)]
    await api.send('PATCH', `/v1/users/${disabled.id}`, { token: admin.token, body: { is_active: false } })
    await api.send('DELETE', `/v1/users/${deleted.id}`, { token: admin.token })
    const emails = [known.email, 'nobody.at.all@example.com', disabled.email, deleted.email]
    const answers = []
    for (const email of emails) answers.push(await request(email))
    const visible = answers.map(({ status, headers, text }) => ({
      ...{ status, text },
      headers: { ...headers, 'x-request-id': '', date: '' },
    }))
    expect(visible).toEqual(Array(4).fill({ ...visible[0], status: 202, text: '{"status":"accepted"}' }))
    // What it leaves behind is the same, too: no lookup, no token before the mail goes out.
    const events = (await Promise.all(answers.map((answer) => eventsOf(api, answer)))).flat()
    expect(events.map(({ action, subject_id }) => [action, subject_id])).toEqual(
      Array(4).fill(['password.reset-requested', null]),
    )
    const queued = await api.database.query<{ details: object }>('SELECT kind, details FROM outbox ORDER BY id')
    expect(queued).toMatchObject(emails.map((email) => ({ kind: 'password-reset', details: { email } })))
    expect(new Set(queued.map(({ details }) => Object.keys(details).sort().join())).size).toBe(1)
    expect(await api.database.query('SELECT token_hash FROM mail_tokens')).toEqual([])

    const mails = []
    for (const email of emails) mails.push(await api.mailsTo(email))
    expect(mails.map(({ length }) => length)).toEqual([1, 0, 0, 0])
    // Whoever reads the trail learns whose it was, once the token is made.
    const about = (await eventsAbout(api, known.id)).filter(({ action }) => action === 'password.reset-requested')
    expect(about).toMatchObject([{ actor_id: null, ip: '127.0.0.1' }])
    for (const answer of answers) expect(await eventsOf(api, answer)).toHaveLength(1)
    expect(await api.database.query('SELECT id FROM outbox')).toEqual([])
  })

  test('takes the address in any case and writes to the one that the account has', async () => {
    const person = await addPerson(api)
    expect((await request(person.email.toUpperCase())).status).toBe(202)
    expect(await api.mailsTo(person.email)).toHaveLength(1)
    expect(await api.mailsTo(person.email.toUpperCase())).toEqual([])
  })

  test('a stranger who asks again and again neither fills the mailbox nor voids the token', async () => {
    const person = await addPerson(api)
    const ask = async () => {
      for (const email of [person.email, person.email.toUpperCase(), person.email]) await request(email)
      return (await api.mailsTo(person.email)).length
    }
    expect([await ask(), await ask()]).toEqual([1, 1])
    const other = await addPerson(api)
    await request(other.email)
    expect(await api.mailsTo(other.email)).toHaveLength(1)
    for (const count of [2, 3, 4, 5, 5, 5]) {
      await api.ageMails()
      expect(await ask()).toBe(count)
    }
    const { token } = (await api.mailsTo(person.email)).at(-1)!
    const body = { token, new_password: 'eleven calm otters' }
    expect((await api.send('POST', '/v1/auth/password/reset', { body })).status).toBe(204)
    await api.ageMails('1 hour')
    expect((await ask()) - 1).toBe(6) // And the one that says that the password was changed.
  })

  test('PWD-19 a mail too many waits where the token of the one before is used', async () => {
    const person = await addPerson(api)
    const reset = async (new_password: string) => {
      const body = { token: await newestToken(api, person.email), new_password }
      return (await api.send('POST', '/v1/auth/password/reset', { body })).status
    }
    await request(person.email)
    expect(await reset('eleven calm otters')).toBe(204)
    expect((await request(person.email)).status).toBe(202)
    expect(await resetMailsTo(person.email)).toBe(1)
    await api.ageMails()
    expect(await resetMailsTo(person.email)).toBe(2)
    expect(await reset('twelve calm otters')).toBe(204)
  })

  test.each([
    ['has expired', `UPDATE mail_tokens SET expires_at = now() - interval '1 second' WHERE user_id = $1`],
    ['went to an address in another case', `UPDATE users SET email = overlay(email PLACING 'U' FROM 1) WHERE id = $1`],
  ])('PWD-19 whoever uses up the mails of the hour keeps nobody out once the last token %s', async (_what, spoil) => {
    const person = await addPerson(api)
    for (let count = 1; count <= 5; count += 1) {
      await request(person.email)
      await api.mailsTo(person.email)
      await api.ageMails()
    }
    await api.database.query(spoil, [person.id])
    const email = String((await storedUser(api, person.id)).email)
    for (const each of [person.email, person.email.toUpperCase(), person.email]) await request(each)
    expect(await resetMailsTo(person.email)).toBe(5)
    expect(await api.database.query('SELECT kind FROM outbox')).toEqual([{ kind: 'password-reset' }])
    await api.ageMails('1 hour')
    const body = { token: await newestToken(api, email), new_password: 'eleven calm otters' }
    expect((await api.send('POST', '/v1/auth/password/reset', { body })).status).toBe(204)
    expect(await api.database.query(`SELECT id FROM outbox WHERE kind = 'password-reset'`)).toEqual([])
  })

  test('of many that wait for one person one goes out, whichever instance looks at them', async () => {
    const [person, other] = [await addPerson(api), await addPerson(api)]
    for (const { email } of [person, other]) await request(email)
    await api.mailsTo(person.email)
    await api.database.query('DELETE FROM mail_tokens')
    for (let count = 0; count < 8; count += 1) for (const { email } of [person, other]) await request(email)
    await Promise.all([sendMail(api.context), sendMail(api.context)])
    expect(await api.database.query('SELECT id FROM outbox')).toHaveLength(2)
    await api.ageMails()
    expect([await resetMailsTo(person.email), await resetMailsTo(other.email)]).toEqual([2, 2])
  })

  test('PWD-18! ABU-95 the link is made from PUBLIC_URL, whatever host the request names', async () => {
    const person = await addPerson(api)
    const forged = [
      { host: 'evil.example' },
      { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http', 'x-forwarded-port': '81' },
      { forwarded: 'host=evil.example;proto=http', origin: 'https://evil.example', referer: 'https://evil.example/' },
    ]
    for (const headers of forged) {
      expect([202, 400]).toContain((await request(person.email, headers as Record<string, string>)).status)
      await api.mailsTo(person.email)
      await api.ageMails()
    }
    const mails = await api.mailsTo(person.email)
    expect(mails.length).toBeGreaterThanOrEqual(2)
    for (const { text, html, headers } of mails) {
      expect(`${text}${html}${JSON.stringify(headers)}`).not.toContain('evil')
      const links = `${text}${html}`.match(/https?:\/\/[^\s"<]+/g) ?? []
      expect(links).toHaveLength(2)
      for (const link of links) expect(link).toMatch(/^https:\/\/people\.example\.org\/account\/reset-password#token=/)
    }
  })

  test('PWD-19 changes nothing about the account until the token is used', async () => {
    const person = await signInAs(api, 'user')
    for (let count = 0; count < 10; count += 1) await request(person.user.email)
    await api.mailsTo(person.user.email)
    expect((await signIn(api, person.user.username)).user.id).toBe(person.user.id)
    expect((await api.send('GET', '/v1/auth/me', { token: person.token })).status).toBe(200)
    const [kept] = await api.database.query('SELECT version FROM users WHERE id = $1', [person.user.id])
    expect(kept).toEqual({ version: 1 })
  })

  test.each(['', 'x', 'a@b', 'a@x.io\r\nBcc: b@y.io', '"a b"@x.io', 'a@[127.0.0.1]', 'a@x.io,b@y.io', '<a@x.io>'])(
    'ABU-22 %j is no address',
    async (email) => {
      const answer = await request(email)
      const faults = (answer.body as { errors: { pointer: string }[] }).errors
      expect([answer.status, new Set(faults.map(({ pointer }) => pointer))]).toEqual([400, new Set(['/email'])])
    },
  )

  test('PWD-20! neither password nor token reaches the log', async () => {
    const person = await addPerson(api)
    await request(person.email)
    const [mail] = await api.mailsTo(person.email)
    const body = { token: mail!.token, new_password: 'eleven calm otters' }
    await api.send('POST', '/v1/auth/password/reset', { body })
    const text = JSON.stringify(api.log)
    expect(text).toContain('resetPassword')
    for (const secret of [mail!.token!, body.new_password, password]) expect(text).not.toContain(secret)
  })
})
