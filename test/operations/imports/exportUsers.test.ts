import { connect } from 'node:net'
import { once } from 'node:events'
import { startApi, type Api } from '../../support/api.ts'
import { importFile, manyRows, ndjson } from '../../support/imports.ts'
import { addPerson, signInAs } from '../../support/people.ts'
import { eventsOf } from '../../support/trail.ts'

describe('exportUsers', () => {
  let api: Api
  let token: string
  beforeAll(async () => {
    api = await startApi({ env: { RATE_LIMIT_READS_PER_HOUR: '1000' } })
    token = (await signInAs(api, 'admin')).token
  })
  afterAll(() => api.close())

  const get = (accept: string, query = {}) => api.send('GET', '/v1/user-exports', { token, headers: { accept }, query })

  test('streams everybody once as NDJSON, in the order of their ids and without a secret, and writes it down', async () => {
    await importFile(api, manyRows(2500), { token })
    const answer = await get('*/*')
    expect(answer.headers['content-type']).toBe('application/x-ndjson')
    const users = answer.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    const stored = await api.database.query<{ id: string }>('SELECT id FROM users WHERE deleted_at IS NULL ORDER BY id')
    expect(users.map(({ id }) => id)).toEqual(stored.map(({ id }) => id))
    expect(answer.text).not.toMatch(/password|argon2/)
    const events = await eventsOf(api, answer)
    expect(events).toMatchObject([{ action: 'users.exported', changes: { format: { after: 'application/x-ndjson' } } }])
  })

  test('takes the filters of the list', async () => {
    const moderator = await addPerson(api, { role: 'moderator' })
    const { text } = await get('application/x-ndjson', { role: 'moderator', is_active: true })
    expect(text.trimEnd().split('\n')).toHaveLength(1)
    expect(JSON.parse(text)).toMatchObject({ id: moderator.id })
    expect((await get('application/x-ndjson', { role: 'moderator', is_active: false })).text).toBe('')
  })

  test('INP-20 ABU-114: in CSV what a spreadsheet would take for a formula is neutralised', async () => {
    const row = { username: 'formula', email: '=formula@example.com' }
    const names = { first_name: '=HYPERLINK("http://evil.example")', last_name: "'+plus" }
    await importFile(api, ndjson({ ...row, ...names }), { token })
    const { text, headers } = await get('text/csv')
    expect(headers['content-type']).toBe('text/csv')
    const line = text.split('\r\n').find((each) => each.includes(',formula,'))
    expect(line).toContain(
      `,formula,'=formula@example.com,"'=HYPERLINK(""http://evil.example"")",''+plus,user,true,false,,`,
    )
    expect(text.split('\r\n')[0]).toMatch(/^id,username,email,first_name,last_name,role,is_active/)
    const cells = text
      .split('\r\n')
      .flatMap((each) => each.split(','))
      .map((cell) => cell.replace(/^"/, ''))
    expect(cells.filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([])
  })

  test('answers HEAD without the users', async () => {
    const answer = await api.send('HEAD', '/v1/user-exports', { token })
    expect([answer.status, answer.text]).toEqual([200, ''])
    expect(answer.headers['content-type']).toBe('application/x-ndjson')
  })

  test('is for administrators', async () => {
    const { token: moderator } = await signInAs(api, 'moderator')
    expect((await api.send('GET', '/v1/user-exports', { token: moderator })).status).toBe(403)
  })

  test.each(['identity', 'gzip'])('ends with the client: no query is left (%s)', async (coding) => {
    await importFile(api, manyRows(5000, `gone-${coding}`), { token })
    const before = api.log.length
    const socket = connect(Number(new URL(api.url).port), '127.0.0.1')
    socket.on('error', () => undefined)
    const fields = `Host: a\r\nAuthorization: Bearer ${token}\r\nAccept-Encoding: ${coding}\r\n`
    socket.write(`GET /v1/user-exports HTTP/1.1\r\n${fields}\r\n`)
    await once(socket, 'data')
    socket.destroy()
    const line = () => api.log.slice(before).find(({ operation, aborted }) => operation === 'exportUsers' && aborted)
    while (!line()) await new Promise((resolve) => setTimeout(resolve, 20))
    expect(api.log.filter(({ level }) => level === 'error')).toEqual([])
    const sessions = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle' AND pid <> pg_backend_pid()`
    while ((await api.database.query(sessions)).length > 0) await new Promise((resolve) => setTimeout(resolve, 20))
  })

  test('RL-13: costs as much as a hundred pages', async () => {
    const { token: another } = await signInAs(api, 'admin')
    const statuses: number[] = []
    for (let round = 0; round < 11; round += 1) {
      statuses.push(
        (await api.send('GET', '/v1/user-exports', { token: another, query: { role: 'moderator' } })).status,
      )
    }
    expect(statuses).toEqual([...Array<number>(10).fill(200), 429])
  })
})
