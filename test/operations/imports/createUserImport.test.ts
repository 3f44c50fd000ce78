import { startApi, type Api } from '../../support/api.ts'
import { importFile, ndjson, outcomes, readImport, upload, type UserImport } from '../../support/imports.ts'
import { password, signIn, signInAs, type SignedIn } from '../../support/people.ts'
import { eventsAbout, eventsOf, storedUser } from '../../support/trail.ts'
import { importUsers } from '../../../src/jobs/importUsers.ts'

describe('createUserImport', () => {
  let api: Api
  let admin: SignedIn
  beforeAll(async () => {
    api = await startApi()
    admin = await signInAs(api, 'admin')
  })
  afterAll(() => api.close())

  const send = (raw: string | Buffer, options: Partial<Parameters<typeof importFile>[2]> = {}) =>
    importFile(api, raw, { token: admin.token, ...options })

  test('makes users of the rows of a file, each with its events, and says what became of each', async () => {
    const raw = ndjson(
      { username: 'ada.one', email: 'Ada.One@example.com', first_name: 'Ada', password },
      { username: 'ada.two', email: 'ada.two@example.com', role: 'moderator', is_active: false, email_verified: true },
    )
    const answer = await upload(api, raw, { token: admin.token })
    expect(answer.status).toBe(202)
    const begun: UserImport = answer.body
    expect(answer.headers.location).toBe(`/v1/user-imports/${begun.id}`)
    expect(begun).toMatchObject({ status: 'pending', format: 'ndjson', dry_run: false, on_conflict: 'fail' })
    expect(begun).toMatchObject({ size_bytes: raw.length, processed_bytes: 0, created_by: admin.user.id })
    await importUsers(api.context)

    const { file, results } = await readImport(api, begun.id, admin.token)
    const counts = { total: 2, processed: 2, created: 2, updated: 0, skipped: 0, failed: 0 }
    expect(file).toMatchObject({ status: 'completed', processed_bytes: raw.length, counts, problem: null })
    expect(results).toMatchObject([
      { line: 1, status: 'created', problem: null },
      { line: 2, status: 'created', problem: null },
    ])
    const [one, two] = results.map(({ user_id }) => user_id!)
    expect(await storedUser(api, one!)).toMatchObject({ email: 'Ada.One@example.com', first_name: 'Ada', role: 'user' })
    expect(await storedUser(api, two!)).toMatchObject({ role: 'moderator', is_active: false, email_verified: true })
    const events = await eventsAbout(api, one!)
    expect(events).toMatchObject([{ action: 'user.created', actor_id: admin.user.id }])
    expect(events[0]!.changes).toMatchObject({ import_id: { after: begun.id }, username: { after: 'ada.one' } })
    const trail = (await eventsOf(api, answer)).map(({ action }) => action)
    expect(trail).toEqual(['users.import-requested', 'user.created', 'user.created', 'users.imported'])
    expect((await signIn(api, 'ada.one')).user.id).toBe(one)
  })

  test('holds each row against the rules of createUser; the good rows stay', async () => {
    const { file, results } = await send(
      ndjson(
        { username: 'good.one', email: 'good.one@example.com' },
        { username: 'x', email: 'nowhere', role: 'owner', nickname: 'x' },
        { username: 'weak.one', email: 'weak.one@example.com', password: 'password1234' },
        { username: 'made.of.name', email: 'made.of.name@example.com', password: 'made.of.name1' },
        { username: 'both.ways', email: 'both.ways@example.com', password, password_hash: '$2b$10$' + 'a'.repeat(53) },
        { username: 'no.hash', email: 'no.hash@example.com', password_hash: '$unknown$abcdefghijklmnop' },
        { username: 'dear.hash', email: 'dear.hash@example.com', password_hash: '$2b$31$' + 'a'.repeat(53) },
        '{"username":"a.b","username":"a.c","email":"a.b@example.com"}',
        '{"username":"broken',
        '["array"]',
        { username: 'nul.one', email: 'nul.one@example.com', first_name: 'a\u0000b' },
        { username: 'good.two', email: 'good.two@example.com' },
      ),
    )
    expect(outcomes(results)).toEqual({
      1: 'created',
      2: '/nickname unknown-property, /username min-length, /email pattern, /email format, /role enum',
      3: '/password blocklisted',
      4: '/password contains-identity',
      5: '/password_hash not',
      6: '/password_hash unreadable-hash',
      7: '/password_hash unreadable-hash',
      8: '/username duplicate-name',
      9: '/problems/malformed-json',
      10: 'type',
      11: '/first_name pattern',
      12: 'created',
    })
    expect(results[8]?.problem?.detail).toMatch(/^Column 20: /)
    expect(file).toMatchObject({ status: 'completed', counts: { created: 2, failed: 10, total: 12 } })
    expect(JSON.stringify(results)).not.toContain('password1234')
  })

  test('people without a password can sign in once they have set one', async () => {
    await send(ndjson({ username: 'later.one', email: 'later.one@example.com' }))
    const answer = await api.send('POST', '/v1/auth/login', { body: { identifier: 'later.one', password } })
    expect(answer.status).toBe(401)
    expect(api.log.filter(({ msg }) => /corrupt or of an unknown/.test(String(msg)))).toEqual([])
  })
})
