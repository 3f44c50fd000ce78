import { gunzipSync } from 'node:zlib'
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
    for (let count = 0; count < 5; count += 1) await addPerson(api)
  })
  afterAll(() => api.close())

  const answersOfAllKinds = (): Promise<Answer>[] => [
    api.send('GET', '/health'),
    api.send('GET', '/v1/auth/me', { token }),
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

  test('that protect browsers and privacy are on every answer, whatever its status', async () => {
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
    'X-Request-Id %j is replaced',
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

  async function raw(path: string, encoding: string): Promise<{ coding: string | null; bytes: Buffer }> {
    const head = `GET ${path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\nAccept-Encoding: ${encoding}\r\n`
    const [answer] = await exchange(Number(new URL(api.url).port), `${head}Connection: close\r\n\r\n`)
    expect([answer?.status, answer?.headers.vary]).toEqual([200, expect.stringContaining('Accept-Encoding')])
    return { coding: answer?.headers['content-encoding'] ?? null, bytes: Buffer.from(answer!.body, 'latin1') }
  }

  test('answers above 1 kB are compressed for those who ask, with the same content', async () => {
    const plain = await raw('/v1/users?limit=5', 'identity')
    const zipped = await raw('/v1/users?limit=5', 'gzip')
    expect([plain.coding, zipped.coding]).toEqual([null, 'gzip'])
    expect(plain.bytes.length).toBeGreaterThan(1024)
    expect(zipped.bytes.length).toBeLessThan(plain.bytes.length)
    // Chunked: the length of each chunk stands before it.
    const start = zipped.bytes.indexOf('\r\n') + 2
    const length = Number.parseInt(zipped.bytes.toString('latin1', 0, start), 16)
    expect(gunzipSync(zipped.bytes.subarray(start, start + length), { finishFlush: 2 }).toString()).toContain('"data":[')
    expect((await raw('/v1/users?limit=5', 'br')).coding).toBe('br')
  })

  test('small answers are not, nor those whose client does not ask', async () => {
    expect((await raw('/v1/users?limit=1', 'gzip')).coding).toBeNull()
    expect((await raw('/v1/users?limit=5', 'deflate;q=0, identity')).coding).toBeNull()
  })
})
