import { startApi, type Api } from '../support/api.ts'
import type { Answer } from '../support/checkAnswer.ts'
import { addPerson, signInAs } from '../support/people.ts'
import { exchange } from '../support/rawHttp.ts'

const onEveryAnswer = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
}

describe('header fields', () => {
  let api: Api
  let token: string
  beforeAll(async () => {
    api = await startApi()
    token = (await signInAs(api, 'admin')).token
    for (let count = 0; count < 12; count += 1) await addPerson(api)
  })
  afterAll(() => api.close())

  const answersOfAllKinds = (): Promise<Answer>[] => [
    api.send('GET', '/health'),
    api.send('GET', '/v1/auth/sessions', { token }),
    api.send('GET', '/v1/users', { token, query: 'surprise=1' }),
    api.send('GET', '/v1/users'),
    api.send('GET', '/nowhere'),
    api.send('PUT', '/v1/users'),
    api.send('OPTIONS', '/v1/users'),
    api.send('HEAD', '/v1/users', { token }),
    api.send('GET', '/v1/users', { token, headers: { accept: 'text/html' } }),
    api.send('POST', '/v1/auth/login', { raw: 'x'.repeat(200_000), headers: { 'content-type': 'application/json' } }),
    api.send('POST', '/v1/auth/login', { raw: '{', headers: { 'content-type': 'application/json' } }),
    api.send('POST', '/v1/auth/login', { raw: 'a=b', headers: { 'content-type': 'text/plain' } }),
  ]

  test('HTP-15! that protect browsers and privacy are on every answer, whatever its status', async () => {
    const answers = await Promise.all(answersOfAllKinds())
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 400, 401, 404, 405, 204, 200, 406, 413, 400, 415])
    for (const { headers } of answers) {
      expect(headers).toMatchObject(onEveryAnswer)
      for (const name of ['x-powered-by', 'server', 'set-cookie', 'etag']) expect(headers).not.toHaveProperty(name)
    }
  })

  test('X-Request-Id is the one sent where it is well-formed', async () => {
    for (const id of ['a', 'A-z_0.9', 'x'.repeat(64)]) {
      const answer = await api.send('GET', '/nowhere', { headers: { 'x-request-id': id } })
      expect(answer.headers['x-request-id']).toBe(id)
      expect(answer.body).toMatchObject({ request_id: id })
      expect(api.log.at(-1)).toMatchObject({ request_id: id })
    }
  })

  test.each(['', 'x'.repeat(65), 'x'.repeat(10_000), 'a b', 'a;b', '<script>', 'a/../b', 'a\tb', 'ümlaut', '{"a":1}'])(
    'INP-19! X-Request-Id %j is replaced',
    async (id) => {
      const bytes = `GET /nowhere HTTP/1.1\r\nHost: a\r\nX-Request-Id: ${id}\r\nConnection: close\r\n\r\n`
      const [answer] = await exchange(Number(new URL(api.url).port), Buffer.from(bytes, 'latin1'))
      expect(answer?.status).toBe(404)
      expect(answer?.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
      expect(JSON.parse(answer?.body ?? '')).toMatchObject({ request_id: answer?.headers['x-request-id'] })
      expect(api.log.at(-1)).toMatchObject({ request_id: answer?.headers['x-request-id'] })
    },
  )

  test('two X-Request-Ids are none', async () => {
    const bytes = 'GET /health HTTP/1.1\r\nHost: a\r\nX-Request-Id: a\r\nX-Request-Id: b\r\nConnection: close\r\n\r\n'
    const [answer] = await exchange(Number(new URL(api.url).port), bytes)
    expect(answer?.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
  })

  async function list(limit: number, encoding: string): Promise<{ coding: string | null; text: string }> {
    const headers = { authorization: `Bearer ${token}`, 'accept-encoding': encoding }
    const answer = await fetch(`${api.url}/v1/users?limit=${limit}`, { headers })
    expect([answer.status, answer.headers.get('vary')]).toEqual([200, expect.stringContaining('Accept-Encoding')])
    return { coding: answer.headers.get('content-encoding'), text: await answer.text() }
  }

  test('answers above 1 kB are compressed for those who ask, with the same content', async () => {
    const plain = await list(5, 'identity')
    expect([plain.coding, plain.text.length > 1024]).toEqual([null, true])
    for (const coding of ['gzip', 'br']) expect(await list(5, coding)).toEqual({ coding, text: plain.text })
  })

  test.each([
    ['/v1/user-exports', 'application/x-ndjson'],
    ['/v1/user-exports', 'text/csv'],
    ['/openapi.yaml', 'application/yaml'],
    ['/openapi.json', 'application/json'],
    ['/docs/swagger-ui-bundle.js', 'text/javascript; charset=utf-8'],
  ])('so is %s as %s', async (path, type) => {
    const read = async (coding: string) => {
      const accept = type.replace(/;.*/, '')
      const headers = { authorization: `Bearer ${token}`, accept, 'accept-encoding': coding }
      const answer = await fetch(api.url + path, { headers })
      const field = (name: string) => answer.headers.get(name)
      expect([answer.status, field('content-type')]).toEqual([200, type])
      expect(field('vary')).toContain('Accept-Encoding')
      return { coding: field('content-encoding'), text: await answer.text() }
    }
    const plain = await read('identity')
    expect([plain.coding, plain.text.length > 1024]).toEqual([null, true])
    for (const coding of ['gzip', 'br']) expect(await read(coding)).toEqual({ coding, text: plain.text })
  })

  test('small answers are not, nor those whose client does not ask', async () => {
    expect((await list(1, 'gzip')).coding).toBeNull()
    expect((await list(5, 'gzip;q=0, identity')).coding).toBeNull()
  })
})
