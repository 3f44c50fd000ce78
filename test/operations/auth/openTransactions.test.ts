import type { Context } from '../../../src/context.ts'
import { startApi, type Api } from '../../support/api.ts'
import { addPerson, password, signIn } from '../../support/people.ts'

describe('what takes its time', () => {
  let api: Api
  const open: number[] = []
  const noteOpen = async () => {
    const query = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in tr%'"
    open.push((await api.database.query(query)).length)
  }

  /** Looks for open transactions of anybody before it goes on. */
  const watched = ({ passwords, tokens }: Context): Partial<Context> => ({
    passwords: {
      ...passwords,
      hash: (typed) => noteOpen().then(() => passwords.hash(typed)),
      check: (...claim) => noteOpen().then(() => passwords.check(...claim)),
    },
    tokens: { ...tokens, sign: (actor) => noteOpen().then(() => tokens.sign(actor)) },
  })
  beforeAll(async () => {
    api = await startApi({ overrides: watched })
  })
  afterAll(() => api.close())
  beforeEach(() => open.splice(0))

  test('CON-03 hashing a password and signing a token happen outside of any transaction', async () => {
    const { username } = await addPerson(api)
    const { token, refreshToken } = await signIn(api, username)
    const again = (isNoChange = false) =>
      api.send('POST', '/v1/auth/refresh', { body: { refresh_token: refreshToken }, isNoChange })
    expect([(await again()).status, (await again(true)).status]).toEqual([200, 200])
    const body = { current_password: password, new_password: 'eleven calm otters' }
    expect((await api.send('PUT', '/v1/auth/password', { token, body })).status).toBe(204)
    // Made, checked and signed at the sign-in; signed twice; checked and made at the change.
    expect(open).toEqual(Array(7).fill(0))
  })
})
