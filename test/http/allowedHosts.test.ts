import { startApi, type Api } from '../support/api.ts'

describe('the hosts that are answered for', () => {
  let api: Api
  beforeAll(async () => {
    api = await startApi({ env: { ALLOWED_HOSTS: 'people.example.org, [::1]' } })
  })
  afterAll(() => api.close())

  const ask = (host: string, path = '/v1/auth/me') => api.send('GET', path, { headers: { host } })

  test.each(['people.example.org', 'People.Example.org', 'people.example.org:8000', '[::1]:8000'])(
    'HTP-10! %s is one of them',
    async (host) => expect((await ask(host)).status).toBe(401),
  )

  test.each(['evil.example', 'people.example.org.evil.example', '127.0.0.1:8000', 'example.org'])(
    'HTP-10! %s is none, and the connection is closed',
    async (host) => {
      const answer = await ask(host)
      expect(answer.body).toMatchObject({ status: 400, type: '/problems/malformed-request' })
      expect(answer.headers.connection).toBe('close')
      expect(answer.text).not.toContain(host)
    },
  )

  test('probes come by any name', async () => {
    expect((await ask('10.1.2.3:8000', '/health')).status).toBe(200)
    expect((await ask('10.1.2.3:8000', '/ready')).status).toBe(200)
  })
})
