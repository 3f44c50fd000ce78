import { once } from 'node:events'
import { request } from 'node:http'
import { importUsers } from '../../../src/jobs/importUsers.ts'
import { startApi, type Api } from '../../support/api.ts'
import { manyRows, ndjson, readImport, upload, type UserImport } from '../../support/imports.ts'
import { signInAs, type SignedIn } from '../../support/people.ts'

describe('uploads', () => {
  let api: Api
  let admin: SignedIn
  beforeAll(async () => {
    api = await startApi()
    admin = await signInAs(api, 'admin')
  })
  afterAll(() => api.close())

  const send = (raw: string, key: string, query = {}, token = admin.token) =>
    upload(api, raw, { token, query, headers: { 'idempotency-key': key } })
  const row = (name: string) => ndjson({ username: name, email: `${name}@example.com` })
  const importsOf = (key: string) =>
    api.database.query<{ id: string; received_bytes: string; status: string }>(
      'SELECT id, received_bytes, status FROM user_imports WHERE idempotency_key = $1',
      [key],
    )

  /** Begins an upload that is not finished yet. */
  function beginUpload(key: string) {
    const sent = request(`${api.url}/v1/user-imports`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${admin.token}`,
        'content-type': 'application/x-ndjson',
        'idempotency-key': key,
      },
    })
    sent.on('error', () => undefined)
    return sent
  }

  async function untilReceived(key: string, bytes: number): Promise<void> {
    while (Number((await importsOf(key))[0]?.received_bytes ?? 0) < bytes) await new Promise((go) => setTimeout(go, 20))
  }

  test('an upload that was cut is repeated under its key and takes its own place; nobody is imported twice', async () => {
    const raw = manyRows(8000, 'cut')
    const cut = beginUpload('cut')
    cut.write(raw.slice(0, 1_200_000))
    await untilReceived('cut', 1_000_000)
    cut.destroy()
    await importUsers(api.context)
    expect(await importsOf('cut')).toMatchObject([{ status: 'receiving' }])

    // As if it had been a large one: more pieces than one statement has the time to delete.
    await api.database.query(
      `INSERT INTO user_import_chunks
       SELECT id, place, '' FROM user_imports, generate_series(90000000, 90000200) AS place WHERE idempotency_key = 'cut'`,
    )

    const repeated = await send(raw, 'cut')
    expect(repeated.status).toBe(202)
    expect(await api.database.query('SELECT FROM user_import_chunks WHERE start_byte >= 90000000')).toEqual([])
    expect(repeated.headers).not.toHaveProperty('idempotent-replayed')
    const { id }: UserImport = repeated.body
    expect(await importsOf('cut')).toMatchObject([{ id, received_bytes: String(raw.length) }])
    await importUsers(api.context)
    const { file } = await readImport(api, id, admin.token)
    expect(file.counts).toMatchObject({ total: 8000, created: 8000 })
  })

  test('of two uploads under one key at once the later one goes on and the other is told', async () => {
    const first = beginUpload('twice')
    first.write(manyRows(4000, 'twice'))
    await untilReceived('twice', 500_000)
    const second = await send(row('twice.only'), 'twice')
    expect(second.status).toBe(202)
    first.end(manyRows(4000, 'thrice'))
    const [answer] = (await once(first, 'response')) as [{ statusCode: number; resume(): void }]
    answer.resume()
    expect(answer.statusCode).toBe(409)
    await importUsers(api.context)
    const { file } = await readImport(api, (second.body as UserImport).id, admin.token)
    expect(file.counts).toMatchObject({ total: 1, created: 1 })
  })

  test('an import cancelled while its file arrives takes no more of it, under the same key either', async () => {
    const first = beginUpload('gone')
    first.write(manyRows(4000, 'gone'))
    await untilReceived('gone', 500_000)
    const { id } = (await importsOf('gone'))[0]!
    expect((await api.send('POST', `/v1/user-imports/${id}/cancel`, { token: admin.token })).status).toBe(200)
    first.end(manyRows(4000, 'gone.too'))
    const [answer] = (await once(first, 'response')) as [{ statusCode: number; resume(): void }]
    answer.resume()
    expect(answer.statusCode).toBe(409)
    const repeated = await send(row('gone.one'), 'gone')
    expect(repeated.status).toBe(409)
  })

  test('the same file under the same key is the import there is, another one is refused', async () => {
    const raw = row('key.one')
    const first = await send(raw, 'key')
    await importUsers(api.context)
    const headers = { 'idempotency-key': 'key' }
    const replayed = await upload(api, raw, { token: admin.token, headers, isNoChange: true })
    expect([replayed.status, replayed.headers['idempotent-replayed']]).toEqual([202, 'true'])
    expect(replayed.body).toMatchObject({ id: (first.body as UserImport).id, status: 'completed' })
    for (const other of [await send(row('key.two'), 'key'), await send(raw, 'key', { dry_run: true })]) {
      expect([other.status, other.body]).toMatchObject([422, { type: '/problems/idempotency-key-reused' }])
    }
    const { token } = await signInAs(api, 'admin')
    expect((await send(row('key.three'), 'key', {}, token)).status).toBe(202)
  })

  test('other media types, compressed files and keys that are none are refused', async () => {
    const as = (type: string, headers = {}) =>
      api.send('POST', '/v1/user-imports', {
        token: admin.token,
        raw: row('type.one'),
        headers: { 'content-type': type, ...headers },
      })
    for (const answer of [
      await as('application/json'),
      await as('text/csv; charset=latin1'),
      await as('text/csv; header=absent'),
      await as('text/csv', { 'content-encoding': 'gzip' }),
    ]) {
      expect([answer.status, answer.body]).toMatchObject([415, { type: '/problems/unsupported-media-type' }])
    }
    const bad = await as('text/csv', { 'idempotency-key': 'two words' })
    expect([bad.status, bad.body]).toMatchObject([400, { errors: [{ in: 'header', code: 'pattern' }] }])
  })
})
