import { startApi, type Api } from '../../support/api.ts'
import { addCrowd } from '../../support/crowd.ts'
import { addPerson, signInAs, type SignedIn } from '../../support/people.ts'
import { open, receive } from '../../support/rawHttp.ts'

/** Nine megabytes: more than is kept on the way to somebody who does not read. */
const crowd = 40_000

describe('an export under way', () => {
  let api: Api
  let admin: SignedIn
  beforeAll(async () => {
    api = await startApi()
    admin = await signInAs(api, 'admin')
    await addCrowd(api, crowd)
  }, 120_000)
  afterAll(() => api.close())

  /** The text of an answer whose reader stops at the beginning, and reads on after that. */
  async function readAfter(
    { token }: SignedIn,
    happens: () => Promise<unknown>,
    path = '/v1/user-exports',
  ): Promise<string> {
    const connection = open(Number(new URL(api.url).port))
    connection.socket.write(
      `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer ${token}\r\n\r\n`,
    )
    await receive(connection, /"username"/)
    connection.socket.pause()
    await happens()
    connection.socket.resume()
    await connection.closed
    return connection.received()
  }

  const isComplete = (text: string) => text.endsWith('\r\n0\r\n\r\n')

  test('goes on where nothing of that happens', async () => {
    expect(isComplete(await readAfter(admin, () => Promise.resolve()))).toBe(true)
  })

  test.each([
    ['deleted', ({ user }: SignedIn) => api.send('DELETE', `/v1/users/${user.id}`, { token: admin.token })],
    [
      'no administrator any more',
      ({ user }: SignedIn) =>
        api.send('PATCH', `/v1/users/${user.id}`, { token: admin.token, body: { role: 'moderator' } }),
    ],
    ['signed out', ({ token }: SignedIn) => api.send('POST', '/v1/auth/logout', { token })],
  ])('breaks off when whoever asked for it is %s', async (_what, happens) => {
    const reader = await signInAs(api, 'admin')
    const text = await readAfter(reader, () => happens(reader))
    expect(text).toContain('HTTP/1.1 200')
    expect(isComplete(text)).toBe(false)
    expect(api.log.filter(({ level }) => level === 'error')).toEqual([])
  })

  test('of all about one person breaks off, too', async () => {
    const person = await addPerson(api)
    await api.database.query(
      `INSERT INTO audit_events (id, action, subject_id, request_id)
       SELECT gen_random_uuid(), 'session.refreshed', $1, n::text FROM generate_series(1, 30000) n`,
      [person.id],
    )
    const path = `/v1/users/${person.id}/data`
    const reader = await signInAs(api, 'admin')
    expect(isComplete(await readAfter(reader, () => Promise.resolve(), path))).toBe(true)
    const demote = () =>
      api.send('PATCH', `/v1/users/${reader.user.id}`, { token: admin.token, body: { role: 'moderator' } })
    expect(isComplete(await readAfter(reader, demote, path))).toBe(false)
    expect(api.log.filter(({ level }) => level === 'error')).toEqual([])
  })
})
