import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { startApi, type Api } from '../support/api.ts'
import { signInAs, type SignedIn } from '../support/people.ts'

/** By way of an export, whose lists come in batches. */
describe('an answer in batches', () => {
  let api: Api
  let admin: SignedIn
  beforeAll(async () => {
    api = await startApi()
    admin = await signInAs(api, 'admin')
    // Some 5 MB, more than the buffers of a connection take.
    await api.database.query(
      `INSERT INTO audit_events (id, action, subject_id, request_id, changes)
       SELECT gen_random_uuid(), 'user.updated', $1, n::text, jsonb_build_object('first_name',
         jsonb_build_object('before', repeat('x', 400), 'after', repeat('y', 400))) FROM generate_series(1, 5000) n`,
      [admin.user.id],
    )
  })
  afterAll(() => api.close())

  function ask() {
    const { hostname, port } = new URL(api.url)
    const socket = connect(Number(port), hostname)
    socket.write(
      `GET /v1/users/${admin.user.id}/data HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer ${admin.token}\r\n` +
        'Accept-Encoding: identity\r\nConnection: close\r\n\r\n',
    )
    return socket
  }
  const failures = () => api.log.filter(({ level }) => level === 'error')

  test('that fails on the way is cut off, so that nobody takes a part for the whole', async () => {
    const socket = ask()
    await once(socket, 'readable')
    await api.database.query('ALTER TABLE audit_events RENAME TO audit_events_elsewhere')
    const answer = await text(socket)
    await api.database.query('ALTER TABLE audit_events_elsewhere RENAME TO audit_events')
    expect(answer).toMatch(/^HTTP\/1.1 200 OK\r\n/)
    expect(answer).toMatch(/Transfer-Encoding: chunked/i)
    expect(answer).not.toMatch(/\r\n0\r\n\r\n$/)
    expect(failures()).toMatchObject([{ err: { code: '42P01' } }])
  })

  test('whose client leaves is no failure, and no connection to the database stays with it', async () => {
    const count = failures().length
    for (let each = 0; each < 15; each += 1) {
      const socket = ask()
      await once(socket, 'readable')
      socket.destroy()
    }
    expect((await api.send('GET', '/v1/auth/me', { token: admin.token })).status).toBe(200)
    expect(failures()).toHaveLength(count)
  })
})
