import { startApi, type Api } from '../../support/api.ts'
import { importFile, ndjson, outcomes } from '../../support/imports.ts'
import { addPerson, password, signIn, signInAs } from '../../support/people.ts'
import { eventsAbout, storedUser } from '../../support/trail.ts'

describe('rows of users who exist', () => {
  let api: Api
  let token: string
  let adminId: string
  beforeAll(async () => {
    api = await startApi()
    const admin = await signInAs(api, 'admin')
    token = admin.token
    adminId = admin.user.id
  })
  afterAll(() => api.close())

  const send = (rows: object[], query: Record<string, string | boolean> = {}) =>
    importFile(api, ndjson(...rows), { token, query })

  test('fail, unless something else was asked for, and name what is taken, whatever the case', async () => {
    const { username, email } = await addPerson(api)
    const [other] = [await addPerson(api)]
    const { results } = await send([
      { username: username.toUpperCase(), email: 'free.one@example.com' },
      { username: 'free.two', email: email.toUpperCase() },
      { username, email: other.email },
      { username: 'free.three', email: 'free.three@example.com' },
    ])
    expect(outcomes(results)).toEqual({
      1: '/username taken',
      2: '/email taken',
      3: '/username taken, /email taken',
      4: 'created',
    })
    expect(results[2]?.problem?.detail).toMatch(/two different users/)
  })

  test('are updated by a hundred at a time: they cannot sign in until the transaction ends', async () => {
    const rows = Array.from({ length: 250 }, (_, index) => {
      return { username: `many.${index}`, email: `many.${index}@example.com` }
    })
    await send(rows)
    const { file } = await send(rows, { on_conflict: 'update' })
    const transactions = await api.database.query<{ rows: number }>(
      `SELECT count(*)::integer AS rows FROM user_import_results WHERE import_id = $1
       GROUP BY xmin::text ORDER BY min(line)`,
      [file.id],
    )
    expect(transactions).toEqual([{ rows: 100 }, { rows: 100 }, { rows: 50 }])
  })

  test('are skipped where that was asked for', async () => {
    const person = await addPerson(api)
    const { results } = await send([{ username: person.username, email: 'else@example.com', first_name: 'Other' }], {
      on_conflict: 'skip',
    })
    expect(results).toMatchObject([{ line: 1, status: 'skipped', user_id: person.id }])
    expect(await storedUser(api, person.id)).toMatchObject({ first_name: 'Jane', version: 1 })
  })

  test('change their user where that was asked for, the password never; what stays the same is no change', async () => {
    const person = await addPerson(api)
    const same = await addPerson(api)
    const { token: theirs } = await signIn(api, person.username)
    const { results } = await send(
      [
        { username: person.username, email: 'new.address@example.com', is_active: false, password: `${password} two` },
        { username: same.username, email: same.email, first_name: 'Jane' },
      ],
      { on_conflict: 'update' },
    )
    expect(outcomes(results)).toEqual({ 1: 'updated', 2: 'updated' })
    expect(await storedUser(api, person.id)).toMatchObject({ email: 'new.address@example.com', is_active: false })
    expect(await storedUser(api, same.id)).toMatchObject({ version: 1 })
    const actions = (await eventsAbout(api, person.id)).map(({ action }) => action)
    expect(actions).toEqual(['user.created', 'session.started', 'user.updated', 'session.ended'])
    expect((await api.send('GET', '/v1/auth/me', { token: theirs })).status).toBe(401)
    await send([{ username: person.username, email: person.email, is_active: true }], { on_conflict: 'update' })
    await signIn(api, person.username)
  })

  test('that would take the address of somebody else fail alone', async () => {
    const [one, two] = [await addPerson(api), await addPerson(api)]
    const { results } = await send(
      [
        { username: one.username, email: two.email },
        { username: two.username, email: two.email, first_name: 'Changed' },
      ],
      { on_conflict: 'update' },
    )
    expect(outcomes(results)).toEqual({ 1: '/username taken, /email taken', 2: 'updated' })
    expect(await storedUser(api, two.id)).toMatchObject({ first_name: 'Changed' })
  })

  test('may have what an earlier row of the file took from its owner', async () => {
    const [one, two] = [await addPerson(api), await addPerson(api)]
    const { results } = await send(
      [
        { username: 'renamed', email: two.email },
        { username: two.username, email: one.email },
      ],
      { on_conflict: 'update' },
    )
    expect(results).toMatchObject([{ user_id: two.id }, { user_id: one.id }])
    expect(outcomes(results)).toEqual({ 1: 'updated', 2: 'updated' })
    expect(await storedUser(api, one.id)).toMatchObject({ username: two.username, email: one.email })
  })

  test('AZ-07: do not take away the last active administrator', async () => {
    const admin = await storedUser(api, adminId)
    const row = { username: admin.username, email: admin.email, role: 'user' }
    const { results } = await send([row], { on_conflict: 'update' })
    expect(outcomes(results)).toEqual({ 1: '/problems/last-admin' })
    expect(await storedUser(api, adminId)).toMatchObject({ role: 'admin' })
  })

  test.each([
    ['fail', { 1: 'created', 2: '/username taken', 3: '/email taken', 4: 'created' }],
    ['skip', { 1: 'created', 2: 'skipped', 3: 'skipped', 4: 'created' }],
    ['update', { 1: 'created', 2: 'updated', 3: 'updated', 4: 'created' }],
  ])('may stand in the same file (%s), and a dry run foretells what becomes of them', async (onConflict, expected) => {
    const name = `echo.${onConflict}`
    const rows = [
      { username: name, email: `${name}@example.com` },
      { username: name.toUpperCase(), email: `${name}@example.com`, first_name: 'Second' },
      { username: `${name}.x`, email: `${name}@example.com`.toUpperCase() },
      { username: `${name}.free`, email: `${name}.free@example.com` },
    ]
    if (onConflict === 'fail') rows[1]!.email = `${name}.two@example.com`
    const foretold = await send(rows, { on_conflict: onConflict, dry_run: true })
    expect(outcomes(foretold.results)).toEqual(expected)
    expect(foretold.file).toMatchObject({ status: 'completed', dry_run: true })
    const nobody = 'SELECT count(*)::integer AS count FROM users WHERE username_key LIKE $1'
    expect(await api.database.query(nobody, [`${name}%`])).toEqual([{ count: 0 }])
    expect(outcomes((await send(rows, { on_conflict: onConflict })).results)).toEqual(expected)
    expect(await api.database.query('SELECT FROM user_import_claims')).toEqual([])
  })

  test('a dry run of changes looks at every rule and changes nothing', async () => {
    const [one, two] = [await addPerson(api), await addPerson(api)]
    const { results } = await send(
      [
        { username: one.username, email: one.email, first_name: 'Changed', role: 'moderator' },
        { username: two.username, email: one.email },
      ],
      { on_conflict: 'update', dry_run: true },
    )
    expect(outcomes(results)).toEqual({ 1: 'updated', 2: '/username taken, /email taken' })
    expect(await storedUser(api, one.id)).toMatchObject({ first_name: 'Jane', role: 'user', version: 1 })
    expect((await eventsAbout(api, one.id)).map(({ action }) => action)).toEqual(['user.created'])
  })
})
