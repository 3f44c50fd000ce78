import { startApi } from '../../support/api.ts'
import { expectRefused, parseLimit } from '../../support/logins.ts'
import { addPerson, signIn } from '../../support/people.ts'

describe('refreshing', () => {
  test('is limited by session and says what is left; tokens of no session count by address', async () => {
    const api = await startApi({ env: { RATE_LIMIT_AUTH_PER_MINUTE: '1000000' } })
    const { username } = await addPerson(api)
    const [one, two] = [await signIn(api, username), await signIn(api, username)]
    const refresh = (token: string) => api.send('POST', '/v1/auth/refresh', { body: { refresh_token: token } })
    let token = one.refreshToken
    for (let round = 0; round < 30; round += 1) {
      const { status, headers, body } = await refresh(token)
      expect(status).toBe(200)
      expect(parseLimit(headers.ratelimit)).toEqual({ name: '"refresh"', numbers: { r: 29 - round, t: 60 } })
      token = (body as { refresh_token: string }).refresh_token
    }
    expectRefused(await refresh(token))
    expect((await refresh(two.refreshToken)).status).toBe(200)
    // The refused token was not spent.
    const spent = 'SELECT 1 FROM refresh_tokens WHERE session_id = $1 AND spent_at IS NULL'
    const [claims] = [JSON.parse(Buffer.from(one.token.split('.')[1]!, 'base64url').toString()) as { sid: string }]
    expect(await api.database.query(spent, [claims.sid])).toHaveLength(1)

    const strangers: number[] = []
    for (let round = 0; round < 31; round += 1) {
      strangers.push((await refresh(`${'x'.repeat(41)}${10 + round}`)).status)
    }
    expect(strangers).toEqual([...Array<number>(30).fill(401), 429])
    await api.close()
  })
})
