import { Kysely, PostgresDialect, type CompiledQuery } from 'kysely'
import pg from 'pg'
import type { Tables } from '../../../src/db/tables.ts'
import { listAuditEvents } from '../../../src/queries/auditEvents.ts'
import { startApi, type Api } from '../../support/api.ts'
import { addPerson, signInAs, type SignedIn } from '../../support/people.ts'

interface Page {
  data: { id: string; action: string; subject_id: string | null; request_id: string; occurred_at: string }[]
  page: { limit: number; next_cursor: string | null; previous_cursor: string | null }
}
type Query = Record<string, string | number>

const filler = `INSERT INTO audit_events (id, action, actor_id, request_id)
  SELECT gen_random_uuid(), 'user.updated', $2, 'filler' || n FROM generate_series(1, $1::int) n`

describe('listAuditEvents', () => {
  let api: Api
  let admin: SignedIn
  let all: string[]
  beforeAll(async () => {
    api = await startApi()
    admin = await signInAs(api, 'admin')
    for (let count = 0; count < 12; count += 1) await addPerson(api)
    await api.database.query(filler, [10, admin.user.id])
    const rows = await api.database.query<{ id: string }>('SELECT id FROM audit_events ORDER BY seq')
    all = rows.map(({ id }) => id)
  })
  afterAll(() => api.close())

  const list = (query: Query = {}) => api.send('GET', '/v1/audit-events', { token: admin.token, query })
  const pageOf = async (query: Query = {}): Promise<Page> => (await list(query)).body
  const ids = ({ data }: Page) => data.map(({ id }) => id)

  test.each(['-occurred_at', 'occurred_at'])('AUD-11 PAG-01! walks there and back: %s', async (sort) => {
    const expected = sort === 'occurred_at' ? all : [...all].reverse()
    const query = { sort, limit: 10 }
    const pages = [await pageOf(query)]
    while (pages.at(-1)!.page.next_cursor)
      pages.push(await pageOf({ ...query, cursor: pages.at(-1)!.page.next_cursor! }))
    expect(pages.flatMap(ids)).toEqual(expected)
    const back = [pages.at(-1)!]
    while (back[0]!.page.previous_cursor)
      back.unshift(await pageOf({ ...query, cursor: back[0]!.page.previous_cursor }))
    expect(back.map(ids)).toEqual(pages.map(ids))
  })

  test('AUD-11 INP-14! a moment may have its colons as they are, as in an address typed by hand', async () => {
    const user = `/v1/users/${admin.user.id}/audit-events`
    for (const path of ['/v1/audit-events', user]) {
      const query = 'from=2025-10-12T00:00:00Z&to=2099-01-01T00:00:00.5-02:00'
      expect((await api.send('GET', path, { token: admin.token, query })).status).toBe(200)
    }
  })

  test('AUD-11 filters by each property, alone and together', async () => {
    const person = await addPerson(api)
    const path = `/v1/users/${person.id}`
    const answer = await api.send('PATCH', path, { token: admin.token, body: { last_name: 'Filtered' } })
    const requestId = answer.headers['x-request-id']!
    const [event] = (await pageOf({ request_id: requestId })).data
    expect(event).toMatchObject({
      action: 'user.updated',
      outcome: 'success',
      actor_id: admin.user.id,
      actor_role: 'admin',
      subject_id: person.id,
      changes: { last_name: { before: 'Roe', after: 'Filtered' } },
      ip: '127.0.0.1',
      sealed: null,
      erased: false,
    })
    expect((await pageOf({ subject_id: person.id })).data.map(({ action }) => action)).toEqual([
      'user.updated',
      'user.created',
    ])
    expect(ids(await pageOf({ subject_id: person.id, action: 'user.updated', actor_id: admin.user.id }))).toEqual([
      event!.id,
    ])
    expect(ids(await pageOf({ from: event!.occurred_at, subject_id: person.id }))).toEqual([event!.id])
    expect(ids(await pageOf({ to: event!.occurred_at, subject_id: person.id }))).not.toContain(event!.id)
    expect((await pageOf({ actor_id: person.id })).data).toEqual([])
    expect((await pageOf({ action: 'no.such-thing' })).data).toEqual([])
  })

  test('AUD-13! the order is that of writing, whatever the clock did', async () => {
    await api.database.query('ALTER TABLE audit_events DISABLE TRIGGER audit_events_stamp')
    await api.database.query(`INSERT INTO audit_events (id, action, request_id, occurred_at)
      VALUES (gen_random_uuid(), 'user.updated', 'set-back', now() - interval '1 hour')`)
    await api.database.query('ALTER TABLE audit_events ENABLE ALWAYS TRIGGER audit_events_stamp')
    expect((await pageOf({ limit: 1 })).data[0]).toMatchObject({ request_id: 'set-back' })
    const last = await pageOf({ sort: 'occurred_at', limit: 100 })
    expect(last.data.at(-1)).toMatchObject({ request_id: 'set-back' })
  })

  test('PAG-01! a cursor continues its own list alone', async () => {
    const cursor = (await pageOf({ limit: 2 })).page.next_cursor!
    for (const query of [{ cursor, sort: 'occurred_at' }, { cursor, action: 'user.updated' }, { cursor: `${cursor}x` }])
      expect((await list(query)).body).toMatchObject({ type: '/problems/invalid-cursor' })
    const users = (await api.send('GET', '/v1/users', { token: admin.token, query: { limit: 1 } })).body as Page
    expect((await list({ cursor: users.page.next_cursor! })).status).toBe(400)
  })

  test.each([
    { from: 'yesterday' },
    { from: '0000-01-01T00:00:00Z' },
    { to: '2025-10-12T00:00:00+15:00' },
    { to: '2025-13-12T00:00:00Z' },
    { action: 'DROP' },
    { actor_id: 'me' },
    { request_id: 'a b' },
    { limit: 101 },
    { sort: 'seq' },
  ])('INP-12 refuses %j', async (query) => {
    expect((await list(query as unknown as Query)).body).toMatchObject({ type: '/problems/validation-failed' })
  })

  test('AUD-11 AZ-01 is for administrators, and there is nothing to write', async () => {
    for (const role of ['user', 'moderator'] as const) {
      const { token } = await signInAs(api, role)
      expect((await api.send('GET', '/v1/audit-events', { token })).status).toBe(403)
    }
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'])
      expect((await api.send(method, '/v1/audit-events', { token: admin.token })).status).toBe(405)
  })

  test('PAG-07 each filter has its index, and reads what it shows', async () => {
    await api.database.query(filler, [60_000, null])
    await api.database.query('VACUUM ANALYZE audit_events')
    const pool = new pg.Pool({ connectionString: api.database.url, max: 1 })
    const seen: CompiledQuery[] = []
    const db = new Kysely<Tables>({
      dialect: new PostgresDialect({ pool }),
      log: ({ query }) => void seen.push(query),
    })
    const [middle] = await api.database.query<{ seq: string; at: Date }>(
      'SELECT seq, occurred_at AS at FROM audit_events ORDER BY seq OFFSET 30000 LIMIT 1',
    )
    const filters = [
      {},
      { actor_id: admin.user.id },
      { subject_id: admin.user.id },
      { action: 'user.created' },
      { request_id: 'filler7' },
      { from: middle!.at.toISOString() },
      { from: new Date(middle!.at.getTime() - 1).toISOString(), to: middle!.at.toISOString() },
    ]
    for (const each of filters)
      for (const after of [undefined, middle!.seq])
        await listAuditEvents(db, each, { order: 'desc', limit: 20, direction: 'next', after })
    for (const { sql, parameters } of seen) {
      const plan = await api.database.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${sql}`, [...parameters])
      const text = plan.map((line) => line['QUERY PLAN']).join('\n')
      expect(text).not.toMatch(/Seq Scan on audit_events/)
      expect(text).toMatch(/Index.* on (\w+_)?audit_events/)
    }
    expect(seen).toHaveLength(14)
    await db.destroy()
  })
})
