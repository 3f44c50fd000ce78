import { startApi, type Api } from '../../support/api.ts'
import { addPerson, password, signIn, signInAs, uniqueName } from '../../support/people.ts'
import { eventsAbout, eventsOf, storedUser } from '../../support/trail.ts'

const path = '/v1/auth/login'

describe('login', () => {
  let api: Api
  beforeAll(async () => {
    api = await startApi()
  })
  afterAll(() => api.close())

  const login = (body: object) => api.send('POST', path, { body: { password, ...body } })

  test('answers a token pair and the user, whose last login it is', async () => {
    const person = await addPerson(api)
    const answer = await login({ identifier: person.username })
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({ token_type: 'Bearer', expires_in: 900, refresh_expires_in: 604_800 })
    expect(answer.body).toHaveProperty('user.id', person.id)
    expect(answer.body).toHaveProperty('user.last_login_at', expect.stringMatching(/\.\d{6}Z$/))
    expect(answer.headers['cache-control']).toBe('no-store')
    const { version, updated_at, created_at } = await storedUser(api, person.id)
    expect({ version, updated_at }).toEqual({ version: 1, updated_at: created_at })
  })

  test('takes a username or an e-mail address in any case, under each of the three names', async () => {
    const person = await addPerson(api, { name: uniqueName('Mixed_Case') })
    const { username, email } = person
    const spellings = [
      { identifier: username },
      { identifier: email },
      { identifier: username.toUpperCase() },
      { identifier: email.toLowerCase() },
      { username: username.toLowerCase() },
      { email: email.toUpperCase() },
    ]
    for (const spelling of spellings) expect((await login(spelling)).status).toBe(200)
  })

  test('wants exactly one of the names', async () => {
    const { username } = await addPerson(api)
    expect((await login({})).status).toBe(400)
    expect((await login({ identifier: username, username })).status).toBe(400)
    expect((await login({ identifier: username, remember: true })).body).toMatchObject({
      errors: [{ in: 'body', pointer: '/remember', code: 'unknown-property' }],
    })
  })

  test('SES-01! each login opens a session of its own, with where it came from', async () => {
    const person = await addPerson(api)
    const headers = { 'user-agent': 'Terminal/1.0' }
    const body = { identifier: person.username, password }
    const answers = [await api.send('POST', path, { body, headers }), await api.send('POST', path, { body, headers })]
    const events = (await Promise.all(answers.map((answer) => eventsOf(api, answer)))).flat()
    expect(new Set(events.map(({ session_id }) => session_id)).size).toBe(2)
    expect(events[0]).toMatchObject({
      ...{ action: 'session.started', outcome: 'success', actor_id: person.id, actor_role: 'user' },
      ...{ subject_id: person.id, ip: '127.0.0.1', user_agent: 'Terminal/1.0' },
    })
    const sessions = await api.database.query('SELECT host(ip) AS ip, user_agent FROM sessions WHERE user_id = $1', [
      person.id,
    ])
    expect(sessions).toEqual(Array(2).fill({ ip: '127.0.0.1', user_agent: 'Terminal/1.0' }))
  })

  test('AUD-09! a refused login is an event, about the account if there is one', async () => {
    const person = await addPerson(api)
    const wrong = await login({ identifier: person.username, password: 'not the one at all' })
    expect(await eventsOf(api, wrong)).toMatchObject([
      { action: 'login.failed', outcome: 'failure', actor_id: null, subject_id: person.id, ip: '127.0.0.1' },
    ])
    const unknown = await login({ identifier: 'nobody.at.all' })
    expect(await eventsOf(api, unknown)).toMatchObject([{ action: 'login.failed', subject_id: null }])
    expect(JSON.stringify([await eventsAbout(api, person.id), api.log])).not.toContain('not the one at all')
  })

  test('REF-01! no token and no password is kept as it is', async () => {
    const { user, token, refreshToken } = await signInAs(api, 'user')
    const kept = await api.database.query(
      `SELECT (SELECT json_agg(u) FROM users u)::text || (SELECT json_agg(s) FROM sessions s)::text ||
         (SELECT json_agg(r) FROM refresh_tokens r)::text || (SELECT json_agg(a) FROM audit_events a)::text AS everything`,
    )
    const text = JSON.stringify(kept)
    expect(text).toContain(user.id)
    for (const secret of [token, refreshToken, password]) {
      expect(text).not.toContain(secret)
      expect(text).not.toContain(Buffer.from(secret).toString('hex'))
    }
  })

  test('PWD-10! the whole password counts, in whichever form its characters were typed', async () => {
    const { username, id } = await addPerson(api)
    const composed = 'caf\u00e9 au lait \u2126 \ufb01ne'
    const hash = await api.context.passwords.hash(composed)
    await api.database.query('UPDATE users SET password_hash = $2 WHERE id = $1', [id, hash])
    const attempt = async (typed: string) => (await login({ identifier: username, password: typed })).status
    expect(await attempt(composed)).toBe(200)
    expect(await attempt('cafe\u0301 au lait \u03a9 fine')).toBe(200)
    for (const other of [`${composed} `, ` ${composed}`, composed.slice(0, -1), composed.toUpperCase()]) {
      expect(await attempt(other)).toBe(401)
    }
  })

  test.each(['x', '', '$argon2id$broken', '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ', '$2b$10$short'])(
    'PWD-07 a stored hash that reads %j is a wrong password and one line in the log',
    async (hash) => {
      const { username, id } = await addPerson(api)
      await api.database.query('UPDATE users SET password_hash = $2 WHERE id = $1', [id, hash])
      const before = api.log.length
      const answer = await login({ identifier: username })
      expect(answer.status).toBe(401)
      expect(answer.body).toMatchObject({ type: '/problems/invalid-credentials' })
      const errors = api.log.slice(before).filter(({ level }) => level === 'error')
      expect(errors).toHaveLength(1)
      expect(JSON.stringify(errors)).toContain('hash')
    },
  )

  test('ABU-19 a password longer than any can be is a wrong one', async () => {
    const { username } = await addPerson(api)
    expect((await login({ identifier: username, password: 'x'.repeat(10_000) })).status).toBe(401)
  })

  test('an account that is disabled while its owner signs in is not entered, now or once it is enabled again', async () => {
    const person = await addPerson(api)
    const admin = await signInAs(api, 'admin')
    const held = await api.context.db.startTransaction().execute()
    await held.updateTable('users').set({ is_active: false }).where('id', '=', person.id).execute()
    const pending = login({ identifier: person.username })
    await waitForLock(api)
    await held.commit().execute()
    expect((await pending).status).toBe(401)
    await api.send('PATCH', `/v1/users/${person.id}`, { token: admin.token, body: { is_active: true } })
    const alive = await api.database.query('SELECT id FROM sessions WHERE user_id = $1 AND ended_at IS NULL', [
      person.id,
    ])
    expect(alive).toEqual([])
    expect((await signIn(api, person.username)).user.id).toBe(person.id)
  })
})

/** Until some request waits for a row that this test holds. */
async function waitForLock(api: Api): Promise<void> {
  const text = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
  while ((await api.database.query(text)).length === 0) await new Promise((resolve) => setTimeout(resolve, 20))
}
