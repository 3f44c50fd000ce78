import { purgeExpired } from '../../src/jobs/purgeExpired.ts'
import { importFile, ndjson } from '../support/imports.ts'
import { startMailApi, type MailApi } from '../support/mailbox.ts'
import { addPerson, password, signInAs } from '../support/people.ts'

describe('purgeExpired', () => {
  let api: MailApi
  beforeAll(async () => {
    api = await startMailApi()
  })
  afterAll(() => api.close())

  const count = async (table: string) => {
    const [row] = await api.database.query<{ count: number }>(`SELECT count(*)::integer AS count FROM ${table}`)
    return row!.count
  }
  const age = (table: string, interval: string) =>
    api.database.query(`UPDATE ${table} SET expires_at = expires_at - $1::interval`, [interval])

  test('removes tokens of mails and registrations once they are void, and not before', async () => {
    const { email } = await addPerson(api)
    await api.send('POST', '/v1/auth/password/forgot', { body: { email } })
    const body = { username: 'never.came', email: 'never.came@example.com', password }
    await api.send('POST', '/v1/auth/register', { body })
    await api.mailsTo(email)
    await purgeExpired(api.context)
    expect([await count('mail_tokens'), await count('registrations')]).toEqual([1, 1])
    await age('mail_tokens', '31 minutes')
    await age('registrations', '25 hours')
    await purgeExpired(api.context)
    expect([await count('mail_tokens'), await count('registrations')]).toEqual([0, 0])
  })

  test('REF-12 keeps spent tokens for as long as their session could live, and sessions for a month more', async () => {
    const person = await signInAs(api, 'user')
    const refresh = (token: string) => api.send('POST', '/v1/auth/refresh', { body: { refresh_token: token } })
    await refresh(person.refreshToken)
    await api.database.query(`UPDATE refresh_tokens SET spent_at = spent_at - interval '29 days'`)
    await age('sessions', '29 days')
    await purgeExpired(api.context)
    expect([await count('sessions'), await count('refresh_tokens')]).toEqual([1, 2])
    expect((await refresh(person.refreshToken)).body).toMatchObject({ type: '/problems/token-reused' })

    await age('sessions', '3 days')
    await purgeExpired(api.context)
    expect([await count('sessions'), await count('refresh_tokens')]).toEqual([1, 0])
    await age('sessions', '29 days')
    await purgeExpired(api.context)
    expect([await count('sessions'), await count('users')]).toEqual([0, 2])
  })

  test('a session that somebody ended goes a month later, however long it could have lived', async () => {
    const person = await signInAs(api, 'user')
    await api.send('POST', '/v1/auth/logout', { token: person.token })
    const before = await count('sessions')
    const end = (interval: string) =>
      api.database.query('UPDATE sessions SET ended_at = now() - $1::interval WHERE user_id = $2', [
        interval,
        person.user.id,
      ])
    await end('29 days')
    await purgeExpired(api.context)
    expect(await count('sessions')).toBe(before)
    await end('31 days')
    await purgeExpired(api.context)
    expect(await count('sessions')).toBe(before - 1)
  })

  test('PRV-04 imports and their results go 30 days after the end, an upload that broke off after one', async () => {
    const { token } = await signInAs(api, 'admin')
    await importFile(api, ndjson({ username: 'from.a.file', email: 'from.a.file@example.com' }), { token })
    await api.database.query(
      `INSERT INTO user_imports (id, format, dry_run, on_conflict, origin, upload_id)
       VALUES (gen_random_uuid(), 'csv', false, 'fail', '{}', gen_random_uuid())`,
    )
    const counts = async () => [await count('user_imports'), await count('user_import_results')]
    const age = (column: string, interval: string) =>
      api.database.query(`UPDATE user_imports SET ${column} = now() - $1::interval WHERE ${column} IS NOT NULL`, [
        interval,
      ])
    await age('finished_at', '29 days 23 hours')
    await age('received_at', '23 hours')
    await purgeExpired(api.context)
    expect(await counts()).toEqual([2, 1])
    await age('received_at', '25 hours')
    await purgeExpired(api.context)
    expect(await counts()).toEqual([1, 1])
    await age('finished_at', '30 days 1 hour')
    await purgeExpired(api.context)
    expect(await counts()).toEqual([0, 0])
    expect(await api.database.query(`SELECT FROM users WHERE username = 'from.a.file'`)).toHaveLength(1)
  })

  test('goes on until nothing is left, a thousand rows a statement', async () => {
    await api.database.query(
      `INSERT INTO registrations (id, username, email, password_hash, expires_at)
       SELECT gen_random_uuid(), 'never.' || n, n || '@example.com', 'x', now() - interval '1 day' FROM generate_series(1, 2500) n`,
    )
    const statements: bigint[] = []
    const db = api.context.db.withPlugin({
      transformQuery: ({ node }) => node,
      transformResult: ({ result }) => {
        statements.push(result.numAffectedRows ?? 0n)
        return Promise.resolve(result)
      },
    })
    await purgeExpired({ ...api.context, db })
    expect(await count('registrations')).toBe(0)
    expect(statements.filter((rows) => rows > 0n)).toEqual([1000n, 1000n, 500n])
  })

  test('a table that cannot be purged holds up no other, and is one line of the log', async () => {
    await api.database.query('ALTER TABLE mail_tokens RENAME TO mail_tokens_elsewhere')
    await signInAs(api, 'user')
    await age('sessions', '90 days')
    const lines = api.log.length
    await purgeExpired(api.context)
    await api.database.query('ALTER TABLE mail_tokens_elsewhere RENAME TO mail_tokens')
    expect(await count('sessions')).toBe(0)
    expect(api.log.slice(lines)).toMatchObject([{ level: 'error', table: 'mail_tokens' }])
  })

  test('instances that purge at once do not get in each other’s way', async () => {
    for (let each = 0; each < 5; each += 1) await signInAs(api, 'user')
    await age('sessions', '90 days')
    await Promise.all(Array.from({ length: 5 }, () => purgeExpired(api.context)))
    expect([await count('sessions'), await count('refresh_tokens')]).toEqual([0, 0])
    expect(await count('audit_events')).toBeGreaterThan(5)
  })
})
