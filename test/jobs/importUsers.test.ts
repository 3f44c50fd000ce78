import { importUsers } from '../../src/jobs/importUsers.ts'
import { startApi, type Api } from '../support/api.ts'
import { importFile, manyRows, ndjson, readImport, upload, type UserImport } from '../support/imports.ts'
import { addPerson, password, signIn, signInAs } from '../support/people.ts'

const later = (milliseconds: number) => new Promise((go) => setTimeout(go, milliseconds))

describe('importUsers', () => {
  let api: Api
  let other: Api
  let token: string
  beforeAll(async () => {
    api = await startApi()
    other = await startApi({ database: api.database })
    token = (await signInAs(api, 'admin')).token
  })
  afterAll(async () => {
    await other.close()
    await api.close()
  })

  const begin = async (raw: string): Promise<UserImport> => (await upload(api, raw, { token })).body
  const createdOf = async (id: string) =>
    (await api.send('GET', `/v1/user-imports/${id}`, { token })).body as UserImport

  /** Users, events and results are there once for each row, and the import says so. */
  async function expectEachOnce(id: string, prefix: string, count: number): Promise<void> {
    const { file, results } = await readImport(api, id, token)
    expect(file).toMatchObject({ status: 'completed', counts: { total: count, created: count, failed: 0 } })
    expect(new Set(results.map(({ line }) => line)).size).toBe(count)
    const [found] = await api.database.query(
      `SELECT count(*)::integer AS users, count(DISTINCT subject_id)::integer AS told, count(subject_id)::integer AS events
       FROM users LEFT JOIN audit_events ON subject_id = users.id AND action = 'user.created' WHERE username LIKE $1`,
      [`${prefix}.%`],
    )
    expect(found).toEqual({ users: count, told: count, events: count })
  }

  test('two instances share the imports there are, and no row is done twice', async () => {
    const files = [await begin(manyRows(3000, 'share.a')), await begin(manyRows(3000, 'share.b'))]
    await Promise.all([importUsers(api.context), importUsers(other.context)])
    await expectEachOnce(files[0]!.id, 'share.a', 3000)
    await expectEachOnce(files[1]!.id, 'share.b', 3000)
  })

  test('whoever is too slow and loses the import to another stops, and no row is done twice', async () => {
    const { id } = await begin(manyRows(6000, 'stolen'))
    const slow = importUsers(api.context)
    while ((await createdOf(id)).counts.created === 0) await later(5)
    await api.database.query(`UPDATE user_imports SET leased_until = now() - interval '1 s' WHERE id = $1`, [id])
    await Promise.all([slow, importUsers(other.context)])
    await expectEachOnce(id, 'stolen', 6000)
  })

  test('FLT-13: connections that are lost on the way cost nothing but time', async () => {
    const { id } = await begin(manyRows(6000, 'lost'))
    // All of them, in the middle of its work: between two batches it would find another connection, and notice nothing.
    const cut = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name <> '' AND EXISTS (SELECT FROM pg_stat_activity
        WHERE datname = current_database() AND application_name <> '' AND state = 'active' AND query LIKE '%INSERT INTO users%')`
    for (let losses = 0; losses < 2; losses += 1) {
      const before = (await createdOf(id)).counts.created
      const working = importUsers(api.context).then(
        () => 'completed',
        () => 'lost',
      )
      while ((await createdOf(id)).counts.created === before) await later(5)
      while ((await api.database.query(cut)).length === 0) await later(1)
      expect(await working).toBe('lost')
      await api.database.query('UPDATE user_imports SET leased_until = NULL WHERE id = $1', [id])
    }
    await importUsers(api.context)
    await expectEachOnce(id, 'lost', 6000)
  })

  test('lets go of an import where the service stops, and the next one goes on at once', async () => {
    const { id } = await begin(manyRows(6000, 'stop'))
    const stopping = new AbortController()
    const working = importUsers(api.context, stopping.signal)
    while ((await createdOf(id)).counts.created === 0) await later(5)
    stopping.abort()
    await working
    expect((await createdOf(id)).status).toBe('running')
    await importUsers(other.context)
    await expectEachOnce(id, 'stop', 6000)
  })

  test('goes on after its administrator has signed out, but not once they are none any more', async () => {
    const { token: theirs, user } = await signInAs(api, 'admin')
    const send = async (name: string): Promise<UserImport> => {
      const raw = ndjson({ username: name, email: `${name}@example.com` })
      return (await upload(api, raw, { token: theirs })).body
    }
    const one = await send('right.one')
    const two = await send('right.two')
    await api.send('POST', '/v1/auth/logout', { token: theirs })
    await api.database.query(`UPDATE user_imports SET created_at = now() + interval '1 h' WHERE id = $1`, [two.id])
    await api.database.query(`UPDATE user_imports SET leased_until = now() + interval '1 h' WHERE id = $1`, [two.id])
    await importUsers(api.context)
    expect(await createdOf(one.id)).toMatchObject({ status: 'completed', counts: { created: 1 } })
    await api.send('PATCH', `/v1/users/${user.id}`, { token, body: { role: 'user' } })
    await api.database.query('UPDATE user_imports SET leased_until = NULL WHERE id = $1', [two.id])
    await importUsers(api.context)
    expect(await createdOf(two.id)).toMatchObject({ status: 'failed', problem: { type: '/problems/forbidden' } })
    expect(await api.database.query(`SELECT FROM users WHERE username = 'right.two'`)).toEqual([])
  })

  test('OBS-01! counts its rows by what became of them', async () => {
    const read = async () => {
      const { values } = await api.context.metrics.importRows.get()
      return Object.fromEntries(values.map(({ labels, value }) => [labels.outcome, value])) as Record<string, number>
    }
    const before = await read()
    const [known, changed, fresh] = ['known', 'changed', 'fresh'].map((name) => ({
      username: `metric.${name}`,
      email: `metric.${name}@example.com`,
    }))
    await importFile(api, ndjson(known, changed), { token })
    await importFile(api, ndjson(fresh, known, { username: 'metric.unsound' }), {
      token,
      query: { on_conflict: 'skip' },
    })
    await importFile(api, ndjson({ ...changed, first_name: 'Grace' }), { token, query: { on_conflict: 'update' } })
    await importFile(api, ndjson(known), { token })
    const after = await read()
    expect(Object.keys(after).sort()).toEqual(['created', 'failed', 'skipped', 'updated'])
    const added = Object.fromEntries(
      Object.entries(after).map(([outcome, value]) => [outcome, value - before[outcome]!]),
    )
    expect(added).toEqual({ created: 3, updated: 1, skipped: 1, failed: 2 })
  })

  test('hashes passwords one by one, and people sign in meanwhile', async () => {
    const { username } = await addPerson(api)
    const rows = Array.from({ length: 60 }, (_, n) => ({
      username: `hash.${n}`,
      email: `hash.${n}@example.com`,
      password,
    }))
    const working = importFile(api, ndjson(...rows), { token })
    await Promise.all(Array.from({ length: 20 }, () => signIn(api, username)))
    const { file } = await working
    expect(file.counts).toMatchObject({ created: 60 })
    await signIn(api, 'hash.59')
  })
})
