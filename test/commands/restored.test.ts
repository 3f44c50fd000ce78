import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sealAudit } from '../../src/jobs/sealAudit.ts'
import { createSealKeyPem } from '../../src/security/sealKey.ts'
import { startApi, type Api } from '../support/api.ts'
import { runCommand } from '../support/command.ts'
import { copyOf, type TestDatabase } from '../support/database.ts'
import { newestToken, startMailApi, type MailApi } from '../support/mailbox.ts'
import { addPerson, password, signIn, signInAs, type SignedIn } from '../support/people.ts'

const secret = 'Ww3kq9Zt1xJ8vN5bR2mL7pD4sG6hF0cYaEuTiOjKnBq'
const key = 'a0c5a6b4-3a0e-4f64-9a0f-4ad1c7c2f2b1'

describe('BAK-03! FLT-48 a backup of before, restored', () => {
  let folder: string
  let env: Record<string, string>
  let api: MailApi
  let admin: SignedIn
  let backup: TestDatabase
  const served: Api[] = []

  const run = (name: string, words: string[], { url } = backup) =>
    runCommand(name, words, { env: { ...env, DATABASE_URL: url, JWT_SECRET: secret } })
  const create = (to: Api, token: string, username: string) =>
    to.send('POST', '/v1/users', {
      token,
      headers: { 'Idempotency-Key': key },
      body: { username, email: `${username}@example.com`, password },
      isNoChange: 'perhaps',
    })
  const seal = async () => {
    await addPerson(api)
    await sealAudit(api.context)
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'user-management-restored-'))
    env = { AUDIT_SEAL_KEY_FILE: join(folder, 'seal.pem') }
    await writeFile(env.AUDIT_SEAL_KEY_FILE!, createSealKeyPem())
    api = await startMailApi({ env: { ...env, JWT_SECRET: secret } })
    admin = await signInAs(api, 'admin')
  })
  afterEach(async () => {
    for (const each of served.splice(0)) await each.close()
    await backup.drop()
  })
  afterAll(async () => {
    await api.close()
    await rm(folder, { recursive: true })
  })

  /** The service on the backup. */
  const serve = async (): Promise<Api> => {
    const one = await startApi({ env: { ...env, JWT_SECRET: secret }, database: backup })
    served.push(one)
    return one
  }

  test('lets nobody in with what was handed out before, and leaves the erased erased', async () => {
    const [person, gone] = [await signInAs(api, 'user'), await signInAs(api, 'user')]
    const ended = await signIn(api, person.user.username)
    expect((await create(api, admin.token, 'ada')).status).toBe(201)
    await api.send('POST', '/v1/auth/password/forgot', { body: { email: person.user.email } })
    const reset = { token: await newestToken(api, person.user.email), new_password: 'eleven calm otters' }
    const late = { username: 'late', email: 'late@example.com', password }
    await api.send('POST', '/v1/auth/register', { body: late })
    await sealAudit(api.context)
    await addPerson(api)
    backup = await copyOf(api.database)

    const file = join(folder, 'erasures.ndjson')
    await api.send('POST', `/v1/users/${gone.user.id}/erase`, { token: admin.token })
    await api.send('POST', '/v1/auth/logout', { token: ended.token })
    await run('erasures', ['export', file], api.database)

    const me = async (on: Api, { token }: SignedIn) => (await on.send('GET', '/v1/auth/me', { token })).status
    const careless = await serve()
    // What the backup brings back, if nothing is done about it.
    for (const each of [person, ended, gone]) expect(await me(careless, each)).toBe(200)

    const { code, output, errors } = await run('restored', ['--erasures', file])
    expect([code, errors]).toEqual([0, ''])
    expect(output).toContain(`erased again: ${gone.user.id}\n1 users were erased again.\n`)
    const voided = { sessions: 3, mail_tokens: 1, outbox: 1, registrations: 1, idempotency_keys: 1 }
    for (const [kind, count] of Object.entries(voided)) expect(output).toContain(`${kind} made void: ${count}\n`)

    const restored = await serve()
    for (const each of [person, ended, gone, admin]) expect(await me(restored, each)).toBe(401)
    for (const { refreshToken } of [person, ended, gone]) {
      const body = { refresh_token: refreshToken }
      expect((await restored.send('POST', '/v1/auth/refresh', { body })).status).toBe(401)
    }
    expect((await restored.send('POST', '/v1/auth/password/reset', { body: reset })).status).toBe(401)
    const again = await signIn(restored, admin.user.username)
    // Not the answer of then.
    expect((await create(restored, again.token, 'ada')).status).toBe(409)
    expect((await restored.send('GET', `/v1/users/${gone.user.id}`, { token: again.token })).status).toBe(404)
    expect(await backup.query('SELECT kind FROM outbox')).toEqual([])

    const query = { action: 'database.restored' }
    const trail = await restored.send('GET', '/v1/audit-events', { token: again.token, query })
    const changes: Record<string, object> = { newest_seal: { before: null, after: '1' } }
    for (const [kind, count] of Object.entries({ ...voided, erased_users: 1 }))
      changes[kind] = { before: count, after: 0 }
    expect((trail.body as { data: object[] }).data).toMatchObject([{ subject_id: null, changes }])
    // The rights on the database itself are in no backup of it.
    const temporary = `SELECT has_database_privilege('user_management_app', current_database(), 'TEMPORARY') AS may`
    expect(await backup.query(temporary)).toEqual([{ may: false }])
    const perSession = `SELECT 1 FROM audit_events WHERE action = 'session.ended' AND subject_id = $1`
    expect(await backup.query(perSession, [person.user.id])).toEqual([])
  }, 30_000)

  test('goes on with the chain of seals; heads that were kept tell what the backup lacks', async () => {
    await seal()
    backup = await copyOf(api.database)
    // What waited to be sealed when the backup was made is old by the time it is restored.
    await addPerson(api)
    const waiting = await copyOf(api.database)
    for (const add of [seal, seal]) await add()
    const [{ number: newest } = { number: '' }] = await api.database.query<{ number: string }>(
      'SELECT max(number) AS number FROM audit_seals',
    )
    const heads = join(folder, 'kept.log')
    await writeFile(heads, api.log.map((line) => JSON.stringify(line)).join('\n'))

    const first = BigInt(newest) - 1n
    const lacking = await run('auditVerify', ['--heads', heads])
    expect([lacking.code, lacking.output.split('\n')[0]]).toEqual([
      1,
      `seals ${first} to ${newest}: cut off; their heads were kept outside`,
    ])
    const { code, output, errors } = await run('restored', [])
    expect(code).toBe(0)
    expect(errors).toMatch(/^No file of erasures was given: .*\n$/)
    expect(output).toContain(`The backup has the trail up to seal ${first - 1n} `)
    const sealed = output.split('\n').filter((line) => line.includes('"audit sealed"'))
    expect(sealed.map((line) => (JSON.parse(line) as { number: string }).number)).toEqual([String(first)])

    const verified = await run('auditVerify', [])
    expect(verified.code).toBe(0)
    expect(verified.output).toContain(' 0 waiting to be sealed: no findings.')
    const since = join(folder, 'since.log')
    await writeFile(since, sealed.join('\n'))
    expect((await run('auditVerify', ['--heads', since])).code).toBe(0)
    expect((await run('auditVerify', ['--heads', heads])).output).toContain(
      `seal ${first}: replaced, it is not the one whose head was kept outside\n`,
    )
    await writeFile(since, [...api.log.map((line) => JSON.stringify(line)), ...sealed].join('\n'))
    expect((await run('auditVerify', ['--heads', since])).errors).toMatch(
      /has two different heads of seal \d+: from before and after a restore, of two databases, or one is forged\.\n$/,
    )

    await waiting.query(`ALTER TABLE audit_events DISABLE TRIGGER ALL`)
    await waiting.query(`UPDATE audit_events SET occurred_at = now() - interval '1 day'
      WHERE seq = (SELECT max(seq) FROM audit_events)`)
    expect((await run('auditVerify', [], waiting)).code).toBe(1)
    expect((await run('restored', [], waiting)).code).toBe(0)
    expect((await run('auditVerify', [], waiting)).code).toBe(0)
    await waiting.drop()
  }, 30_000)

  test('is told when the key of its seals is another now; may be told twice that it was restored', async () => {
    await seal()
    backup = await copyOf(api.database)
    const other = join(folder, 'other.pem')
    await writeFile(other, createSealKeyPem())
    env.AUDIT_SEAL_KEY_FILE = other
    const { code, errors } = await run('restored', [])
    env.AUDIT_SEAL_KEY_FILE = join(folder, 'seal.pem')
    expect(code).toBe(0)
    expect(errors).toContain('were signed with another key than AUDIT_SEAL_KEY_FILE has now')
    const again = await run('restored', [])
    expect(again.code).toBe(0)
    expect(again.output).toContain('sessions made void: 0\n')
    expect(await run('restored', ['now'])).toMatchObject({
      code: 1,
      errors: expect.stringMatching(/^Usage: /) as string,
    })
    expect(await run('restored', ['--erasures', join(folder, 'absent')])).toMatchObject({ code: 1 })
    const events = await backup.query(`SELECT 1 FROM audit_events WHERE action = 'database.restored'`)
    expect(events).toHaveLength(2)
  }, 30_000)
})
