import { startApi, type Api } from '../../support/api.ts'

describe('getHealth', () => {
  let api: Api
  beforeAll(async () => {
    api = await startApi()
  })
  afterAll(() => api.close())

  test('OPS-01! OPS-03 says that the process is alive, and nothing else', async () => {
    const answer = await api.send('GET', '/health')
    expect(answer.status).toBe(200)
    expect(answer.body).toEqual({ status: 'ok' })
    const head = await api.send('HEAD', '/health')
    expect([head.status, head.text, head.headers['content-length']]).toEqual([
      200,
      '',
      answer.headers['content-length'],
    ])
  })

  test('OPS-01! is alive while stopping and without a database', async () => {
    const broken = await startApi({ env: { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' } })
    broken.context.readiness.drain()
    expect((await broken.send('GET', '/health')).body).toEqual({ status: 'ok' })
    await broken.close()
  })

  test('takes no parameters', async () => {
    expect((await api.send('GET', '/health', { query: 'verbose=1' })).status).toBe(400)
    expect((await api.send('POST', '/health')).status).toBe(405)
  })
})
