import { sql } from 'kysely'
import { inTransaction } from '../../src/db/transaction.ts'
import { startApi, type Api, type Sent } from '../support/api.ts'
import { addPerson, signIn, signInAs, type SignedIn } from '../support/people.ts'
import { open, parseAnswers, receive } from '../support/rawHttp.ts'
import { until } from '../support/service.ts'
import { storedUser } from '../support/trail.ts'

type Target = Awaited<ReturnType<typeof addPerson>>
type Act = (actorId: string) => [string, string, Sent]

const disable: Act = (id) => ['PATCH', `/v1/users/${id}`, { body: { is_active: false } }]
const demote: Act = (id) => ['PATCH', `/v1/users/${id}`, { body: { role: 'user' } }]
const remove: Act = (id) => ['DELETE', `/v1/users/${id}`, {}]
const endSessions: Act = (id) => ['DELETE', `/v1/users/${id}/sessions`, {}]

const whole = ({ username, email }: Target) => ({
  username,
  email,
  first_name: 'Late',
  last_name: null,
  role: 'user',
  is_active: true,
})

describe('what was let in is judged once more when it is done', () => {
  let api: Api
  let root: SignedIn
  beforeAll(async () => {
    api = await startApi()
    root = await signInAs(api, 'admin')
  })
  afterAll(() => api.close())

  const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`

  const revoke = async (act: Act, actor: SignedIn) => {
    const [method, path, sent] = act(actor.user.id)
    const { status } = await api.send(method, path, { ...sent, token: root.token })
    expect([200, 204]).toContain(status)
  }

  /** Sends the header of a request, and the body once the act is done. */
  async function sendLate(actor: SignedIn, [method, path, body]: [string, string, object], act: Act): Promise<number> {
    const text = JSON.stringify(body)
    const connection = open(Number(new URL(api.url).port))
    const header = [
      `${method} ${path} HTTP/1.1`,
      'Host: localhost',
      `Authorization: Bearer ${actor.token}`,
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(text)}`,
      'Connection: close',
      'Expect: 100-continue',
    ]
    connection.socket.write(`${header.join('\r\n')}\r\n\r\n`)
    await receive(connection, /100 Continue/)
    await revoke(act, actor)
    connection.socket.write(text)
    await connection.closed
    return parseAnswers(connection.received()).at(-1)!.status
  }

  test.each<[string, Act, number]>([
    ['disabled', disable, 401],
    ['deleted', remove, 401],
    ['signed out', endSessions, 401],
    ['made a plain user', demote, 403],
  ])('AZ-08! SES-05! nobody who was %s while the body was on its way changes anybody', async (_what, act, status) => {
    const actor = await signInAs(api, 'admin')
    const target = await addPerson(api)
    const before = await storedUser(api, target.id)
    expect(await sendLate(actor, ['PATCH', `/v1/users/${target.id}`, { first_name: 'Late' }], act)).toBe(status)
    expect(await sendLate(await signInAs(api, 'admin'), ['PUT', `/v1/users/${target.id}`, whole(target)], act)).toBe(
      status,
    )
    expect(await storedUser(api, target.id)).toEqual(before)
  })

  test('AZ-08! nobody undoes in this way what was done to them', async () => {
    const actor = await signInAs(api, 'admin')
    const body = { role: 'admin', is_active: true }
    expect(await sendLate(actor, ['PATCH', `/v1/users/${actor.user.id}`, body], disable)).toBe(401)
    expect(await storedUser(api, actor.user.id)).toMatchObject({ is_active: false })
  })

  test('AZ-08! who is a moderator by then reaches no administrator', async () => {
    const actor = await signInAs(api, 'admin')
    const target = await addPerson(api, { role: 'admin' })
    const toModerator: Act = (id) => ['PATCH', `/v1/users/${id}`, { body: { role: 'moderator' } }]
    expect(await sendLate(actor, ['PATCH', `/v1/users/${target.id}`, { first_name: 'Late' }], toModerator)).toBe(403)
    expect(await storedUser(api, target.id)).toMatchObject({ first_name: 'Jane' })
  })

  test('AZ-08! endMySession is not done for who was signed out while it waited for the user', async () => {
    const lookUp = `${waiting} AND query ILIKE '%from "users"%for %update%'`
    const { user, token } = await signInAs(api, 'user')
    const thief = await signIn(api, user.username)
    const ids = 'SELECT id FROM sessions WHERE user_id = $1 ORDER BY id'
    const [mine, theirs] = (await api.database.query<{ id: string }>(ids, [user.id])).map(({ id }) => id)
    const { pending } = await inTransaction(api.context.db, async (tx) => {
      await sql`SELECT FROM users WHERE id = ${user.id} FOR UPDATE`.execute(tx)
      const pending = api.send('DELETE', `/v1/auth/sessions/${mine}`, { token: thief.token })
      await until(async () => (await api.database.query(lookUp)).length > 0)
      await sql`UPDATE sessions SET ended_at = now(), end_reason = 'revoked' WHERE id = ${theirs}`.execute(tx)
      return { pending }
    })
    expect((await pending).status).toBe(401)
    expect((await api.send('GET', '/v1/auth/me', { token })).status).toBe(200)
  })

  test.each<[string, (target: Target) => [string, string, Sent]]>([
    ['updateUser', ({ id }) => ['PATCH', `/v1/users/${id}`, { body: { first_name: 'Late' } }]],
    ['replaceUser', (target) => ['PUT', `/v1/users/${target.id}`, { body: whole(target) }]],
    [
      'setUserPassword',
      ({ id }) => ['PUT', `/v1/users/${id}/password`, { body: { new_password: 'eleven calm otters' } }],
    ],
    ['deleteUser', ({ id }) => ['DELETE', `/v1/users/${id}`, {}]],
    ['eraseUser', ({ id }) => ['POST', `/v1/users/${id}/erase`, {}]],
    ['restoreUser', ({ id }) => ['POST', `/v1/users/${id}/restore`, {}]],
    ['endUserSessions', ({ id }) => ['DELETE', `/v1/users/${id}/sessions`, {}]],
  ])('AZ-08! SES-05! %s is not done for who was disabled while it waited for the user', async (_name, request) => {
    const actor = await signInAs(api, 'admin')
    const target = await addPerson(api)
    const before = await storedUser(api, target.id)
    const { pending } = await inTransaction(api.context.db, async (tx) => {
      await sql`SELECT FROM users WHERE id = ${target.id} FOR UPDATE`.execute(tx)
      const [method, path, sent] = request(target)
      const pending = api.send(method, path, { ...sent, token: actor.token })
      await until(async () => (await api.database.query(waiting)).length > 0)
      await revoke(disable, actor)
      return { pending }
    })
    expect(await pending).toMatchObject({ status: 401, body: { type: '/problems/invalid-token' } })
    expect(await storedUser(api, target.id)).toEqual(before)
  })
})
