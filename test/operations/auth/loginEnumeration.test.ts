import type { KyselyPlugin } from 'kysely'
import { startApi, type Api } from '../../support/api.ts'
import type { Answer } from '../../support/checkAnswer.ts'
import { addPerson, password, signInAs } from '../../support/people.ts'

describe('login to accounts that cannot be entered', () => {
  let api: Api
  /** The kinds of statements, in their order. */
  let statements: string[] = []
  const watch: KyselyPlugin = {
    transformQuery({ node }) {
      statements.push(node.kind)
      return node
    },
    transformResult: ({ result }) => Promise.resolve(result),
  }
  beforeAll(async () => {
    api = await startApi({
      env: { TRUST_PROXY: '1', RATE_LIMIT_AUTH_PER_MINUTE: '5' },
      overrides: ({ db }) => ({ db: db.withPlugin(watch) }),
    })
  })
  afterAll(() => api.close())

  let address = 0
  /** Each from an address of its own, so that all have the same left of their limit. */
  const login = (identifier: string, typed: string): Promise<Answer> => {
    address += 1
    const headers = { 'x-forwarded-for': `192.0.2.${address}` }
    return api.send('POST', '/v1/auth/login', { headers, body: { identifier, password: typed } })
  }

  test('ENU-01! ABU-89 an unknown name, a wrong password, a disabled and a deleted account answer the same bytes', async () => {
    const admin = await signInAs(api, 'admin')
    const [active, disabled, deleted, corrupt] = await Promise.all([1, 2, 3, 4].map(() => addPerson(api)))
    const patch = { token: admin.token, body: { is_active: false } }
    await api.send('PATCH', `/v1/users/${disabled!.id}`, patch)
    await api.send('DELETE', `/v1/users/${deleted!.id}`, { token: admin.token })
    await api.database.query('UPDATE users SET password_hash = $2 WHERE id = $1', [corrupt!.id, 'x'])
    const answers = [
      await login('nobody.of.that.name', password),
      await login('nobody@example.com', password),
      await login(active!.username, 'a wrong password'),
      await login(active!.email, 'a wrong password'),
      await login(active!.username, 'x'.repeat(5000)),
      await login(disabled!.username, password),
      await login(disabled!.username, 'a wrong password'),
      await login(deleted!.username, password),
      await login(deleted!.email, 'a wrong password'),
      await login(corrupt!.username, password),
    ]
    const told = answers.map(whatItTells)
    expect(told[0]).toMatchObject({ status: 401, headers: { 'ratelimit-policy': '"auth";q=5;w=60' } })
    for (const each of told) expect(each).toEqual(told[0])
  })

  test('ENU-02! the database is asked as often whether or not there is such an account', async () => {
    const known = await addPerson(api)
    const asked = async (identifier: string) => {
      statements = []
      await login(identifier, 'a wrong password')
      return statements
    }
    const ofKnown = await asked(known.username)
    expect(ofKnown.length).toBeGreaterThan(2)
    expect(await asked('nobody.of.that.name')).toEqual(ofKnown)
  })
})

/** Everything but what differs between any two requests. */
function whatItTells({ status, headers, text, body }: Answer): object {
  const { date, 'x-request-id': requestId, ...telling } = headers
  expect(date).toBeDefined()
  expect(body).toMatchObject({ request_id: requestId })
  return { status, headers: telling, text: text.replace(requestId!, '') }
}
