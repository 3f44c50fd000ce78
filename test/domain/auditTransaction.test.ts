import { startApi, type Api } from '../support/api.ts'
import { addPerson, password, signIn, signInAs, uniqueName, type SignedIn } from '../support/people.ts'
import { countEvents } from '../support/trail.ts'

const everything = `SELECT (SELECT json_agg(u ORDER BY id) FROM users u)::text AS users,
  (SELECT json_agg(s ORDER BY id) FROM sessions s)::text AS sessions,
  (SELECT json_agg(r ORDER BY token_hash) FROM refresh_tokens r)::text AS tokens`

describe('a change and its event', () => {
  let api: Api
  let admin: SignedIn
  let person: SignedIn
  beforeAll(async () => {
    api = await startApi()
    admin = await signInAs(api, 'admin')
    person = await signInAs(api, 'user')
  })
  afterEach(() => api.database.query('GRANT INSERT ON audit_events TO user_management_app'))
  afterAll(() => api.close())

  const attempts: [string, () => ReturnType<Api['send']>][] = [
    ['login', () => login(password)],
    ['a refused login', () => login('a wrong password')],
    ['refresh', () => api.send('POST', '/v1/auth/refresh', { body: { refresh_token: person.refreshToken } })],
    ['logout', () => api.send('POST', '/v1/auth/logout', { token: person.token })],
    ['create', () => create()],
    ['replace', () => send('PUT', { ...profile(), first_name: null, last_name: null, role: 'user', is_active: true })],
    ['patch', () => send('PATCH', { first_name: 'Joan' })],
    ['deactivate', () => send('PATCH', { is_active: false })],
    ['delete', () => send('DELETE')],
  ]
  const profile = () => ({ username: uniqueName('audit'), email: `${uniqueName('audit')}@example.com` })
  const login = (typed: string) =>
    api.send('POST', '/v1/auth/login', { body: { identifier: person.user.username, password: typed } })
  const create = () => api.send('POST', '/v1/users', { token: admin.token, body: { ...profile(), password } })
  const send = (method: string, body?: object) =>
    api.send(method, `/v1/users/${person.user.id}`, { token: admin.token, body })

  test.each(attempts)('AUD-02! FLT-46 %s leaves nothing where the event cannot be written', async (_name, attempt) => {
    const [before] = await api.database.query(everything)
    const count = await countEvents(api)
    await api.database.query('REVOKE INSERT ON audit_events FROM user_management_app')
    const answer = await attempt()
    expect(answer.status).toBe(503)
    expect(answer.body).toMatchObject({ type: '/problems/unavailable' })
    expect(answer.text).not.toMatch(/audit|permission|42501/)
    expect((await api.database.query(everything))[0]).toEqual(before)
    expect(await countEvents(api)).toBe(count)
  })

  test('AUD-02! the second event of a change counts as much as the first', async () => {
    await api.database.query(`CREATE FUNCTION refuse_ended() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN IF NEW.action = 'session.ended' THEN RAISE 'no'; END IF; RETURN NEW; END $$`)
    await api.database.query(
      'CREATE TRIGGER refuse_ended BEFORE INSERT ON audit_events FOR EACH ROW EXECUTE FUNCTION refuse_ended()',
    )
    const [before] = await api.database.query(everything)
    for (const [, attempt] of attempts.slice(-2)) expect((await attempt()).status).toBe(500)
    expect((await api.database.query(everything))[0]).toEqual(before)
    await api.database.query('DROP TRIGGER refuse_ended ON audit_events')
  })

  test('AUD-02! an event without its change does not exist either', async () => {
    const taken = await addPerson(api)
    const count = await countEvents(api)
    expect((await send('PATCH', { username: taken.username })).status).toBe(409)
    expect((await send('PATCH', { first_name: 'x'.repeat(100), email: taken.email })).status).toBe(409)
    expect(await countEvents(api)).toBe(count)
  })

  test('AUD-01! the next request writes again', async () => {
    expect((await signIn(api, person.user.username)).user.id).toBe(person.user.id)
    expect((await send('PATCH', { first_name: 'Joan' })).status).toBe(200)
  })
})
