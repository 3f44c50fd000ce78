import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sendMail } from '../../src/jobs/sendMail.ts'
import { startApi, type Api } from '../support/api.ts'
import { addPerson } from '../support/people.ts'
import { spawnService, until } from '../support/service.ts'
import { startSmtpSink } from '../support/smtpSink.ts'

describe('a service whose mail is on its way', () => {
  let api: Api
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'user-management-crash-'))
    api = await startApi({ env: { DATA_DIR: folder } })
  })
  afterAll(async () => {
    await api.close()
    await rm(folder, { recursive: true })
  })

  const spawn = (smtpUrl: string) => {
    const env = {
      ...{ PATH: process.env.PATH ?? '', ENVIRONMENT: 'test', LOG_LEVEL: 'info', PORT: '0', DATA_DIR: folder },
      ...{ ARGON2_MEMORY_KIB: '8192', ARGON2_TIME_COST: '1' },
    }
    return spawnService({ ...env, DATABASE_URL: api.database.url, SMTP_URL: smtpUrl }, folder)
  }
  async function queueMail(): Promise<string> {
    const { email } = await addPerson(api)
    await api.send('POST', '/v1/auth/password/forgot', { body: { email } })
    return email
  }

  test('is killed after the mail server took it and before that was written down: it goes out again', async () => {
    let kill = (): void => undefined
    const sink = await startSmtpSink({ onMail: () => kill() })
    const email = await queueMail()
    const service = spawn(sink.url)
    kill = () => void service.child.kill('SIGKILL')
    await service.ended
    kill = () => undefined
    expect(sink.mails.map(({ to }) => to)).toEqual([email])
    const left = 'SELECT attempts, next_attempt_at > now() AS is_leased FROM outbox'
    expect(await api.database.query(left)).toEqual([{ attempts: 1, is_leased: true }])

    const survivor = await startApi({ database: api.database, env: { SMTP_URL: sink.url } })
    expect(await sendMail(survivor.context)).toBe(0)
    await api.database.query(`UPDATE outbox SET next_attempt_at = next_attempt_at - interval '120 seconds'`)
    expect(await sendMail(survivor.context)).toBe(1)
    await survivor.close()
    await sink.close()
    const [first, second] = sink.mails
    expect(second!.headers['message-id']).toBe(first!.headers['message-id'])
    expect(second!.token).not.toBe(first!.token)
    const redeem = async (token: string) => {
      const body = { token, new_password: 'eleven calm otters' }
      return (await api.send('POST', '/v1/auth/password/reset', { body })).status
    }
    expect([await redeem(first!.token!), await redeem(second!.token!)]).toEqual([401, 204])
  }, 60_000)

  test('is asked to stop while the mail server hangs: it stops in order, and the mail is kept', async () => {
    await api.database.query('DELETE FROM outbox')
    const latch = Promise.withResolvers<void>()
    const sink = await startSmtpSink({ onMail: () => latch.promise })
    await queueMail()
    const service = spawn(sink.url)
    await until(() => sink.mails[0])
    service.child.kill('SIGTERM')
    expect(await service.ended).toBe(0)
    expect(service.log().filter(({ mail_id: id }) => id !== undefined)).toEqual([])
    expect(await api.database.query('SELECT attempts FROM outbox')).toEqual([{ attempts: 1 }])
    latch.resolve()
    await sink.close()
  }, 60_000)
})
