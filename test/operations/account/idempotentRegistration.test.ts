import { randomUUID } from 'node:crypto'
import { startMailApi, type MailApi } from '../../support/mailbox.ts'
import { addPerson } from '../../support/people.ts'
import { newAccount } from '../../support/retries.ts'

describe('a registration under an Idempotency-Key', () => {
  let api: MailApi
  beforeAll(async () => {
    api = await startMailApi({ env: { TRUST_PROXY: 'loopback' } })
  })
  afterAll(() => api.close())

  const register = (key: string, body: object, { from = '192.0.2.1', isReplay = false } = {}) => {
    const headers = { 'idempotency-key': key, 'x-forwarded-for': from }
    return api.send('POST', '/v1/auth/register', { body, headers, isNoChange: isReplay })
  }
  const registrations = async (email: string) =>
    (await api.database.query('SELECT id FROM registrations WHERE email = $1', [email])).length

  test('IDM-01! sent again registers and mails once', async () => {
    const [key, body] = [randomUUID(), newAccount()]
    const first = await register(key, body)
    expect([first.status, first.headers['idempotent-replayed']]).toEqual([202, undefined])
    const again = await register(key, body, { isReplay: true })
    expect([again.status, again.text, again.headers['idempotent-replayed']]).toEqual([202, first.text, 'true'])
    expect(await registrations(body.email)).toBe(1)
    expect(await api.mailsTo(body.email)).toHaveLength(1)
  })

  test('IDM-03! the key with another body is a 422', async () => {
    const key = randomUUID()
    await register(key, newAccount())
    const body = newAccount()
    const answer = await register(key, body)
    expect([answer.status, answer.body]).toMatchObject([422, { type: '/problems/idempotency-key-reused' }])
    expect(await registrations(body.email)).toBe(0)
  })

  test('IDM-03! the key of somebody in another network is just a new one', async () => {
    const [key, body] = ['1', newAccount()]
    await register(key, body)
    for (const from of ['192.0.2.2', '2001:db8:1:2::1']) {
      const stranger = newAccount()
      const answer = await register(key, stranger, { from })
      expect([answer.status, answer.headers['idempotent-replayed']]).toEqual([202, undefined])
      expect(await registrations(stranger.email)).toBe(1)
    }
    const moved = await register(key, newAccount(), { from: '2001:db8:1:2::ffff' })
    expect(moved.status).toBe(422)
    expect((await register(key, body, { isReplay: true })).headers['idempotent-replayed']).toBe('true')
  })

  test('ENU-04! known or not, the first answer and the replay are the same', async () => {
    const known = await addPerson(api)
    const answers = []
    for (const body of [newAccount(), newAccount({ email: known.email }), newAccount({ username: known.username })]) {
      const key = randomUUID()
      for (const isReplay of [false, true]) {
        const { status, headers, text } = await register(key, body, { isReplay })
        answers.push({ status, text, headers: { ...headers, 'x-request-id': '', date: '' } as Record<string, string> })
      }
    }
    expect(answers.map(({ headers }) => headers['idempotent-replayed'])).toEqual(
      [1, 2, 3].flatMap(() => [undefined, 'true']),
    )
    const [first, again] = answers
    expect(answers).toEqual([first, again, first, again, first, again])
  })
})
