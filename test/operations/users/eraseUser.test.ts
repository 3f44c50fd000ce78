import { startMailApi, type MailApi } from '../../support/mailbox.ts'
import { addPerson, password, signIn, signInAs, uniqueName, type SignedIn } from '../../support/people.ts'
import { countEvents, eventsOf } from '../../support/trail.ts'

const absentId = '0199d8b2-5f1e-7c3a-9d6e-2b8f4a1c7e55'

interface Receipt {
  id: string
  user_id: string
  erased: Record<string, number>
  audit_event_id: string
}

describe('eraseUser', () => {
  let api: MailApi
  let admin: SignedIn
  beforeAll(async () => {
    api = await startMailApi()
    admin = await signInAs(api, 'admin')
  })
  afterAll(() => api.close())

  const erase = (id: string) => api.send('POST', `/v1/users/${id}/erase`, { token: admin.token })
  const eraseAgain = (id: string) => api.send('POST', `/v1/users/${id}/erase`, { token: admin.token, isNoChange: true })

  test('PRV-02! answers a receipt of all that was destroyed, and an event that names nobody', async () => {
    const person = await signInAs(api, 'user')
    await signIn(api, person.user.username)
    await api.send('POST', '/v1/auth/refresh', { body: { refresh_token: person.refreshToken } })
    const answer = await erase(person.user.id)
    const receipt = answer.body as Receipt
    expect([answer.status, receipt]).toMatchObject([
      200,
      {
        ...{ user_id: person.user.id, reason: 'request', erased_by: admin.user.id },
        erased: { users: 1, sessions: 2, refresh_tokens: 3, mail_tokens: 0, outbox: 0, mail_log: 0, registrations: 0 },
      },
    ])
    const events = await eventsOf(api, answer)
    expect(events.map(({ action }) => action)).toEqual(['user.erased', 'session.ended', 'session.ended'])
    expect(events[0]).toMatchObject({ actor_id: admin.user.id, subject_id: person.user.id, changes: {} })
    const [event] = await api.database.query('SELECT action FROM audit_events WHERE id = $1', [receipt.audit_event_id])
    expect(event).toEqual({ action: 'user.erased' })
    expect((await api.send('GET', '/v1/auth/me', { token: person.token })).status).toBe(401)
    expect((await api.send('GET', `/v1/users/${person.user.id}`, { token: admin.token })).status).toBe(404)
  })

  test('PRV-02! the address that a reset was asked from cannot be told to be theirs', async () => {
    const person = await addPerson(api)
    await api.send('POST', '/v1/auth/password/forgot', { body: { email: person.email } })
    expect(await api.mailsTo(person.email)).toHaveLength(1)
    await erase(person.id)
    const theirs = await api.database.query(
      `SELECT action, (SELECT count(*)::int FROM audit_events readable WHERE readable.ip IS NOT NULL
        AND (readable.request_id = own.request_id OR readable.trace_id = own.trace_id)) AS told
      FROM audit_events own WHERE subject_id = $1 AND action = 'password.reset-requested'`,
      [person.id],
    )
    expect(theirs).toEqual([{ action: 'password.reset-requested', told: 0 }])
  })

  test('asking again, from wherever and at once, answers the same receipt', async () => {
    const { id } = await addPerson(api)
    const path = `/v1/users/${id}/erase`
    const sent = { token: admin.token, isNoChange: 'perhaps' as const }
    const answers = await Promise.all(Array.from({ length: 5 }, () => api.send('POST', path, sent)))
    answers.push(await eraseAgain(id))
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200))
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    const events = await api.database.query(
      `SELECT FROM audit_events WHERE action = 'user.erased' AND subject_id = $1`,
      [id],
    )
    expect(events).toHaveLength(1)
  })

  test('erases who was deleted before; nobody is not found', async () => {
    const { id } = await addPerson(api)
    await api.send('DELETE', `/v1/users/${id}`, { token: admin.token })
    expect((await erase(id)).body).toMatchObject({ user_id: id, erased: { users: 1 } })
    expect((await erase(absentId)).status).toBe(404)
  })

  test('PRV-02! takes along mails, tokens and registrations; name and address are free', async () => {
    const { id, username, email } = await addPerson(api)
    await api.send('POST', '/v1/auth/password/forgot', { body: { email: email.toUpperCase() } })
    await api.mailsTo(email)
    await api.send('POST', '/v1/auth/password/forgot', { body: { email: email.toUpperCase() } })
    const registering = { username: uniqueName('other'), email: email.toUpperCase(), password }
    await api.send('POST', '/v1/auth/register', { body: registering })
    const own = await signIn(api, username)
    const newEmail = `new.${email}`
    await api.send('PATCH', `/v1/users/${id}`, { token: own.token, body: { email: newEmail } })
    const receipt = (await erase(id)).body as Receipt
    // The second reset, the change of the address and its notice.
    expect(receipt.erased).toMatchObject({ mail_tokens: 1, outbox: 3, mail_log: 1, registrations: 1 })
    const body = { username, email, password }
    expect((await api.send('POST', '/v1/users', { token: admin.token, body })).status).toBe(201)
  })

  test('who has the address by now keeps what is theirs', async () => {
    const { id, email } = await addPerson(api)
    await api.send('DELETE', `/v1/users/${id}`, { token: admin.token })
    const body = { username: uniqueName('heir'), email, password }
    await api.send('POST', '/v1/users', { token: admin.token, body })
    await api.send('POST', '/v1/auth/password/forgot', { body: { email } })
    expect((await erase(id)).body).toMatchObject({ erased: { outbox: 0, users: 1 } })
    expect(await api.mailsTo(email)).toHaveLength(1)
  })

  test('DEL-02! a sign-in that races with the erasure leaves nothing', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { id, username } = await addPerson(api)
      const signingIn = api.send('POST', '/v1/auth/login', { body: { identifier: username, password } })
      const [login, erasure] = await Promise.all([signingIn, erase(id)])
      expect([login.status, erasure.status]).toEqual([expect.any(Number), 200])
      if (login.status === 200) {
        const token = (login.body as { access_token: string }).access_token
        expect((await api.send('GET', '/v1/auth/me', { token })).status).toBe(401)
      }
      expect(await api.database.query('SELECT FROM sessions WHERE user_id = $1', [id])).toEqual([])
    }
  })

  test('a refresh that races with the erasure ends one way or the other, without waiting for each other', async () => {
    for (let round = 0; round < 10; round += 1) {
      const person = await signInAs(api, 'user')
      const body = { refresh_token: person.refreshToken }
      const [refresh, erasure] = await Promise.all([
        api.send('POST', '/v1/auth/refresh', { body }),
        erase(person.user.id),
      ])
      expect([200, 401]).toContain(refresh.status)
      expect(erasure.status).toBe(200)
    }
    const counts = await api.database.query(
      `SELECT deadlocks::integer FROM pg_stat_database WHERE datname = current_database()`,
    )
    expect(counts).toEqual([{ deadlocks: 0 }])
  })

  test('AZ-07! not the last active administrator', async () => {
    const count = await countEvents(api)
    const answer = await erase(admin.user.id)
    expect([answer.status, answer.body]).toMatchObject([409, { type: '/problems/last-admin' }])
    expect(await countEvents(api)).toBe(count)
    const second = await signInAs(api, 'admin')
    const path = `/v1/users/${second.user.id}/erase`
    expect((await api.send('POST', path, { token: second.token })).status).toBe(200)
  })
})
