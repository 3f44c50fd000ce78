import { chmod, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startService, type ServiceProcess } from './support/serviceProcess.ts'

const password = 'copper kettle on the moon'
const json = { 'content-type': 'application/json' }

/** Everything on its own: no database, no secret, no configuration but a folder. Each test goes on from the last. */
describe('the service with a database of its own', () => {
  let folder: string
  let service: ServiceProcess
  let administrator: { identifier: string; password: string }
  let tokens: { access_token: string; refresh_token: string }
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'user-management-test-'))
    await chmod(folder, 0o711)
  })
  afterAll(async () => {
    service.child.kill('SIGTERM')
    await service.exited
    await rm(folder, { recursive: true })
  })

  const start = async () => {
    service = await startService(folder, { RATE_LIMIT_AUTH_PER_MINUTE: '0' })
    await service.until(200)
  }
  const post = (path: string, body: object, token = '') =>
    service.ask(path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { ...json, authorization: `Bearer ${token}` },
    })
  const me = async () =>
    (await service.ask('/v1/auth/me', { headers: { authorization: `Bearer ${tokens.access_token}` } }))?.status
  /** The lines for a person, once they are all there. */
  const announced = async (): Promise<string> => {
    while (!/Contract [^]*\n\n/.test(service.output().stdout)) await new Promise((resolve) => setTimeout(resolve, 20))
    return service.output().stdout
  }

  test('PWD-23 the first start makes everything, and shows the administrator’s password once', async () => {
    await start()
    const shown = /Administrator +(\S+)\n +Password +(\S+) /.exec(await announced())!
    administrator = { identifier: shown[1]!, password: shown[2]! }
    const answer = await post('/v1/auth/login', administrator)
    expect(answer?.status).toBe(200)
    tokens = (await answer!.json()) as typeof tokens
    const created = await post(
      '/v1/users',
      { username: 'kept', email: 'kept@example.com', password },
      tokens.access_token,
    )
    expect(created?.status).toBe(201)
    expect((await stat(join(folder, '.data', 'jwt-secret'))).mode & 0o777).toBe(0o600)
    expect(service.output().stderr).toBe('')
  }, 120_000)

  test('kill -9 loses nothing that was answered, and signs nobody out', async () => {
    service.child.kill('SIGKILL')
    await service.exited
    await start()
    expect((await post('/v1/auth/login', { identifier: 'kept', password }))?.status).toBe(200)
    expect(await me()).toBe(200)
    expect(await announced()).not.toContain('Password')
  }, 120_000)

  test('a second one in the same folder is refused in a sentence, and the first goes on', async () => {
    const second = await startService(folder, {})
    expect(await second.exited).toBe(1)
    expect(second.output().stderr).toMatch(/^Another running server already uses the DATA_DIR [^\n]*\.\n$/)
    expect(await me()).toBe(200)
  }, 120_000)

  test('SIGTERM stops it with its database, and it starts again from there', async () => {
    service.child.kill('SIGTERM')
    expect(await service.exited).toBe(0)
    await expect(stat(join(folder, '.data', 'postgres', 'data', 'postmaster.pid'))).rejects.toThrow('ENOENT')
    await start()
    const refreshed = await post('/v1/auth/refresh', { refresh_token: tokens.refresh_token })
    expect([await me(), refreshed?.status]).toEqual([200, 200])
  }, 120_000)
})
