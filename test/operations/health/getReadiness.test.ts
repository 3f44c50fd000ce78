import { startApi, type Api } from '../../support/api.ts'
import { createTestDatabase } from '../../support/database.ts'
import { createGate } from '../../support/gate.ts'
import { signInAs } from '../../support/people.ts'

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 50))
}

describe('getReadiness', () => {
  let api: Api
  beforeEach(async () => {
    api = await startApi()
  })
  afterEach(() => api.close())

  const ready = () => api.send('GET', '/ready')

  test('OPS-01! is ready with a database that is up to date', async () => {
    const answer = await ready()
    expect(answer.status).toBe(200)
    const checks = { database: 'ok', migrations: 'ok', redis: 'unused', keys: 'ok', server: 'ok' }
    expect(answer.body).toEqual({ status: 'ready', checks })
    expect((await api.send('HEAD', '/ready')).status).toBe(200)
  })

  test('OPS-04! is not ready any more once it is stopping, but serves', async () => {
    const { token } = await signInAs(api, 'user')
    api.context.readiness.drain()
    const answer = await ready()
    expect(answer.status).toBe(503)
    expect(answer.headers['retry-after']).toBe('1')
    expect(answer.body).toMatchObject({ status: 'unready', checks: { server: 'stopping', database: 'ok' } })
    expect((await api.send('GET', '/v1/auth/me', { token })).status).toBe(200)
  })

  test('FLT-45 stays ready with the keys it has where it cannot read them anew, and says so', async () => {
    const stale = await startApi({ overrides: ({ keys }) => ({ keys: { ...keys, isCurrent: () => false } }) })
    const answer = await stale.send('GET', '/ready')
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({ status: 'ready', checks: { keys: 'failing', database: 'ok' } })
    await stale.close()
  })

  test('OPS-01! DB-03! follows a database that goes and comes back', async () => {
    const gate = await createGate(api.database.url)
    await gate.open()
    const gated = await startApi({ database: { ...api.database, url: gate.url } })
    const { token } = await signInAs(gated, 'user')
    const read = (path: string) => gated.send('GET', path, { token })
    await gate.shut()
    await until(async () => (await gated.send('GET', '/ready')).status === 503)
    expect((await gated.send('GET', '/ready')).body).toMatchObject({
      checks: { database: 'failing', migrations: 'ok' },
    })
    const refused = await read('/v1/auth/me')
    expect(refused.status).toBe(503)
    expect(refused.body).toMatchObject({ type: '/problems/unavailable' })
    expect(refused.headers['retry-after']).toMatch(/^\d+$/)
    await gate.open()
    await until(async () => (await gated.send('GET', '/ready')).status === 200)
    expect((await read('/v1/auth/me')).status).toBe(200)
    await gated.close()
    await gate.shut()
  })

  test('OPS-01! stays ready while requests keep every connection: that more would come elsewhere helps nobody', async () => {
    const busy = await startApi({ env: { DATABASE_POOL_SIZE: '1' } })
    const { db, readiness } = busy.context
    await db.transaction().execute(async () => {
      readiness.stop()
      await readiness.start()
    })
    expect((await busy.send('GET', '/ready')).body).toMatchObject({ status: 'ready', checks: { database: 'ok' } })
    await busy.close()
  })

  test('is not ready with migrations pending, and answers nothing else', async () => {
    const database = await createTestDatabase()
    await database.query('DELETE FROM schema_migrations WHERE number = (SELECT max(number) FROM schema_migrations)')
    const behind = await startApi({ database })
    const answer = await behind.send('GET', '/ready')
    expect(answer.status).toBe(503)
    expect(answer.body).toMatchObject({ checks: { database: 'ok', migrations: 'pending' } })
    expect((await behind.send('GET', '/v1/auth/me')).status).toBe(503)
    await behind.close()
    await database.drop()
  })
})
