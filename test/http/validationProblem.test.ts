import type { Fault } from '../../src/problem.ts'
import { validationProblem } from '../../src/http/validationProblem.ts'
import { startApi, type Api } from '../support/api.ts'
import type { Answer } from '../support/checkAnswer.ts'
import { signInAs } from '../support/people.ts'

const marker = 'marker-of-a-value'

describe('faults of a request', () => {
  let api: Api
  let token: string
  beforeAll(async () => {
    api = await startApi()
    token = (await signInAs(api, 'admin')).token
  })
  afterAll(() => api.close())

  const list = (query: string) => api.send('GET', '/v1/users', { token, query })
  const create = (body: object) => api.send('POST', '/v1/users', { token, body })
  const faultsIn = ({ status, body }: Answer): string[] => {
    expect(status).toBe(400)
    const { errors } = body as { errors: Fault[] }
    return errors.map(({ in: part, name, pointer, code }) => `${part} ${name ?? pointer} ${code}`).sort()
  }

  test('of a query are told all at once, the unknown and the repeated with the others', async () => {
    const answer = await list(`limit=0&sort=${marker}&role=owner&role=king&is_active=maybe&surprise=1`)
    expect(faultsIn(answer)).toEqual([
      'query is_active type',
      'query limit minimum',
      'query role repeated',
      'query sort enum',
      'query surprise unknown-parameter',
    ])
    expect(answer.text).not.toContain(marker)
  })

  test.each(['101', '0', '-1', '1e2', '0x10', '1.5', '', ' 5', '9'.repeat(20)])(
    'limit=%s is one fault',
    async (limit) => {
      expect(faultsIn(await list(`limit=${encodeURIComponent(limit)}`))).toHaveLength(1)
    },
  )

  test('of path, query and body are told together', async () => {
    const sent = { token, query: 'surprise=1', body: { role: 'owner', nickname: 'x' } }
    const answer = await api.send('PATCH', '/v1/users/x', sent)
    expect(faultsIn(answer)).toEqual([
      'body /nickname unknown-property',
      'body /role enum',
      'path user_id format',
      'path user_id pattern',
      'query surprise unknown-parameter',
    ])
  })

  test('of a body are told all at once, each with its place, in words, without the value', async () => {
    const answer = await create({
      username: `${marker} `.repeat(10),
      email: `${marker}@`,
      first_name: '\u0000',
      role: marker,
      is_active: marker,
      [`/${marker.length}~`]: marker,
    })
    expect(faultsIn(answer)).toEqual(
      expect.arrayContaining([
        'body /username pattern',
        'body /username max-length',
        'body /email pattern',
        'body /first_name pattern',
        'body /role enum',
        'body /is_active type',
        'body /password required',
      ]),
    )
    expect(answer.text).not.toContain(marker)
    expect(answer.text).not.toContain('must match pattern')
    expect(answer.text).toContain('name@example.com')
  })

  test('the pointer of a strange property is escaped (RFC 6901), and left out where it would be long', async () => {
    const answer = await create({
      username: 'jane',
      email: 'jane@example.com',
      password: 'x'.repeat(12),
      'a/b~c': 1,
      [marker.repeat(20)]: 1,
    })
    expect(faultsIn(answer)).toEqual(['body /a~1b~0c unknown-property', 'body undefined unknown-property'])
  })

  test('are 50 at most', async () => {
    const body = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`surprise_${index}`, marker]))
    const answer = await create(body)
    expect(faultsIn(answer)).toHaveLength(50)
    expect(answer.text).not.toContain(marker)
    const query = Array.from({ length: 60 }, (_, index) => `surprise_${index}=1`).join('&')
    expect(faultsIn(await list(query))).toHaveLength(50)
  })

  test('one place with one fault is named once, whatever the alternatives of a schema', async () => {
    const answer = await api.send('POST', '/v1/auth/login', { body: { password: 'x' } })
    const faults = faultsIn(answer)
    expect(new Set(faults).size).toBe(faults.length)
    expect(faults).not.toHaveLength(0)
  })

  test('other errors are not its business', () => {
    expect(validationProblem(new Error(marker))).toBeUndefined()
  })
})
