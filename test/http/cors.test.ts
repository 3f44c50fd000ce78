import { startApi, type Api } from '../support/api.ts'

const good = 'https://good.example'
const preflight = { 'access-control-request-method': 'PUT', 'access-control-request-headers': 'authorization' }

describe('HTP-17! pages of other origins', () => {
  let api: Api
  beforeAll(async () => {
    api = await startApi({ env: { CORS_ORIGINS: `${good},http://localhost:3000` } })
  })
  afterAll(() => api.close())

  test.each([good, 'http://localhost:3000'])('%s may read answers, failures included', async (origin) => {
    for (const path of ['/health', '/v1/users', '/nowhere']) {
      const { headers } = await api.send('GET', path, { headers: { origin } })
      expect(headers['access-control-allow-origin']).toBe(origin)
      const exposed = headers['access-control-expose-headers']?.split(', ')
      expect(exposed).toEqual(
        expect.arrayContaining([
          'ETag',
          'Idempotent-Replayed',
          'Link',
          'Location',
          'RateLimit',
          'Retry-After',
          'X-Request-Id',
        ]),
      )
      expect(headers).not.toHaveProperty('access-control-allow-credentials')
      expect(headers.vary).toMatch(/\bOrigin\b/)
    }
  })

  test.each([
    'https://good.example.evil.com',
    'https://evil-good.example',
    'https://sub.good.example',
    'http://good.example',
    'https://good.example:8443',
    'https://good.example/',
    'HTTPS://GOOD.EXAMPLE',
    'null',
    '*',
  ])('%s may not, nor ask beforehand', async (origin) => {
    const read = await api.send('GET', '/health', { headers: { origin } })
    const asked = await api.send('OPTIONS', '/v1/users', { headers: { origin, ...preflight } })
    for (const { headers } of [read, asked]) {
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([])
      expect(headers.vary).toMatch(/\bOrigin\b/)
    }
  })

  test.each([
    ['a control character in the query', '/v1/users?q=%00', 400],
    ['a path in another spelling', '/v1/nope/', 404],
    ['an address that is too long', `/v1/users?q=${'a'.repeat(8200)}`, 414],
  ])('nor is what came before all else kept from a page: %s', async (_, path, status) => {
    const known = await api.send('GET', path, { headers: { origin: good } })
    expect([known.status, known.headers['access-control-allow-origin']]).toEqual([status, good])
    const strange = await api.send('GET', path, { headers: { origin: 'https://evil.example' } })
    expect([strange.status, strange.headers]).toEqual([
      status,
      expect.not.objectContaining({ 'access-control-allow-origin': expect.anything() as string }),
    ])
    for (const { headers } of [known, strange]) expect(headers.vary).toMatch(/\bOrigin\b/)
  })

  test('nor does a preflight get past what every request must keep to', async () => {
    const asked = await api.send('OPTIONS', '/v1/users/', { headers: { origin: good, ...preflight } })
    expect([asked.status, asked.headers['access-control-allow-methods']]).toEqual([404, undefined])
  })

  test('whoever sends no origin gets the same Vary, so that no cache mixes them up', async () => {
    const { headers } = await api.send('GET', '/health')
    expect(headers.vary).toMatch(/\bOrigin\b/)
    expect(headers).not.toHaveProperty('access-control-allow-origin')
  })

  test('a preflight is answered without token, database or limit', async () => {
    const answer = await api.send('OPTIONS', '/v1/users', { headers: { origin: good, ...preflight } })
    expect([answer.status, answer.text]).toEqual([204, ''])
    const allowed = (name: string) => answer.headers[`access-control-allow-${name}`]?.split(', ')
    expect(allowed('methods')).toEqual(expect.arrayContaining(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']))
    expect(allowed('headers')).toEqual(
      expect.arrayContaining([
        'Authorization',
        'Content-Type',
        'Idempotency-Key',
        'If-Match',
        'If-None-Match',
        'X-Request-Id',
      ]),
    )
    expect(answer.headers['access-control-max-age']).toBe('600')
    expect(answer.headers).not.toHaveProperty('ratelimit')
  })
})
