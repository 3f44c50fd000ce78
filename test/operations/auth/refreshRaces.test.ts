import { startApi, type Api } from '../../support/api.ts'
import type { Answer } from '../../support/checkAnswer.ts'
import { addPerson, signIn, signInAs } from '../../support/people.ts'

/** Two instances on one database. */
describe('refreshTokens, many at once', () => {
  let one: Api
  let other: Api
  beforeAll(async () => {
    one = await startApi()
    other = await startApi({ database: one.database })
  })
  afterAll(async () => {
    await other.close()
    await one.close()
  })

  const refresh = (api: Api, token: string): Promise<Answer> =>
    api.send('POST', '/v1/auth/refresh', { body: { refresh_token: token }, isNoChange: 'perhaps' })
  const atOnce = (token: string, count: number): Promise<Answer[]> =>
    Promise.all(Array.from({ length: count }, (_, index) => refresh(index % 2 === 0 ? one : other, token)))

  test('REF-03! REF-06! twenty uses of one token on two instances make one successor, which everybody gets', async () => {
    const person = await signInAs(one, 'user')
    let token = person.refreshToken
    for (let round = 1; round <= 10; round += 1) {
      const answers = await atOnce(token, 20)
      expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200))
      const successors = new Set(answers.map(({ body }) => (body as { refresh_token: string }).refresh_token))
      expect(successors.size).toBe(1)
      const kept = await one.database.query(
        'SELECT spent_at IS NULL AS is_live FROM refresh_tokens ORDER BY created_at',
      )
      expect(kept).toHaveLength(round + 1)
      expect(kept.filter((each) => each.is_live)).toHaveLength(1)
      token = [...successors][0]!
    }
    expect((await refresh(other, token)).status).toBe(200)
    const events = await one.database.query(`SELECT id FROM audit_events WHERE action = 'session.refreshed'`)
    expect(events).toHaveLength(11)
  }, 60_000)

  test('REF-05! twenty thieves at once end the session once', async () => {
    const person = await signInAs(one, 'user')
    await refresh(one, person.refreshToken)
    await one.database.query(`UPDATE refresh_tokens SET spent_at = spent_at - interval '11 seconds'`)
    const answers = await atOnce(person.refreshToken, 20)
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]))
    const events = await one.database.query(
      `SELECT id FROM audit_events WHERE action = 'session.token-reused' AND subject_id = $1`,
      [person.user.id],
    )
    expect(events).toHaveLength(1)
  })

  test('REF-09! ABU-118 no token is good after the answer that the account is disabled', async () => {
    const admin = await signInAs(one, 'admin')
    const { username, id } = await addPerson(one)
    const setActive = async (isActive: boolean) => {
      const sent = { token: admin.token, body: { is_active: isActive } }
      expect((await one.send('PATCH', `/v1/users/${id}`, sent)).status).toBe(200)
    }
    for (let round = 0; round < 10; round += 1) {
      const { refreshToken } = await signIn(one, username)
      const [answer] = await Promise.all([refresh(other, refreshToken), setActive(false)])
      expect([200, 401]).toContain(answer.status)
      const { access_token: token, refresh_token: next } = {
        access_token: '',
        refresh_token: '',
        ...(answer.body as object),
      }
      await setActive(true)
      if (answer.status === 200) {
        expect((await one.send('GET', '/v1/auth/me', { token })).status).toBe(401)
        expect((await refresh(other, next)).status).toBe(401)
      }
    }
  }, 60_000)
})
