import { startApi, type Api } from '../../support/api.ts'
import type { Answer } from '../../support/checkAnswer.ts'
import { addPerson, password, signIn, signInAs, uniqueName, type SignedIn } from '../../support/people.ts'
import { countEvents, storedUser } from '../../support/trail.ts'

const form = /^"[1-9]\d*-[\w-]{16}"$/
const tagOf = ({ headers }: Answer): string => headers.etag ?? ''

/** Two instances on one database. */
describe('conditional requests', () => {
  let api: Api
  let other: Api
  let admin: SignedIn
  beforeAll(async () => {
    api = await startApi()
    other = await startApi({ database: api.database })
    admin = await signInAs(api, 'admin')
  })
  afterAll(async () => {
    await other.close()
    await api.close()
  })

  const read = (id: string, ifNoneMatch?: string, on = api, method = 'GET') =>
    on.send(method, `/v1/users/${id}`, {
      token: admin.token,
      ...(ifNoneMatch !== undefined && { headers: { 'if-none-match': ifNoneMatch } }),
    })
  const patch = (id: string, body: object, ifMatch?: string, isNoChange: boolean | 'perhaps' = false, on = api) =>
    on.send('PATCH', `/v1/users/${id}`, {
      ...{ token: admin.token, body, isNoChange },
      ...(ifMatch !== undefined && { headers: { 'if-match': ifMatch } }),
    })

  test('RES-08 who holds the representation gets a 304 with the tag and no body', async () => {
    const { id } = await addPerson(api)
    const whole = await read(id)
    const tag = tagOf(whole)
    expect(tag).toMatch(form)
    for (const method of ['GET', 'HEAD']) {
      for (const field of [tag, `W/${tag}`, `"other" , ${tag},`, '*']) {
        const answer = await read(id, field, api, method)
        expect([answer.status, answer.text, tagOf(answer)]).toEqual([304, '', tag])
        expect(answer.headers['cache-control']).toBe('no-store')
        expect(answer.headers.vary).toBe(whole.headers.vary)
        expect(answer.headers).not.toHaveProperty('content-type')
      }
      for (const field of ['"other"', `"other-${tag.slice(1)}`, 'W/"1"', '""']) {
        expect((await read(id, field, api, method)).status).toBe(200)
      }
    }
    const since = { 'if-modified-since': new Date().toUTCString() }
    const late = { token: admin.token, headers: { ...since, 'if-none-match': '"other"' } }
    expect((await api.send('GET', `/v1/users/${id}`, late)).status).toBe(200)
    expect((await api.send('GET', `/v1/users/${id}`, { token: admin.token, headers: since })).status).toBe(200)
  })

  test('only what is read can be unmodified: a change answers what it made', async () => {
    const { id } = await addPerson(api)
    const sent = { token: admin.token, headers: { 'if-none-match': '*' }, body: { first_name: 'Joan' } }
    const answer = await api.send('PATCH', `/v1/users/${id}`, sent)
    expect([answer.status, answer.body]).toMatchObject([200, { first_name: 'Joan' }])
  })

  test('RES-08 who is signed in may ask the same of themselves', async () => {
    const { token } = await signInAs(api, 'user')
    const tag = tagOf(await api.send('GET', '/v1/auth/me', { token }))
    const again = await api.send('GET', '/v1/auth/me', { token, headers: { 'if-none-match': tag } })
    expect([again.status, tagOf(again)]).toEqual([304, tag])
  })

  test('RES-01! every answer with the user names the state that a GET then finds', async () => {
    const name = uniqueName('tagged')
    const account = { username: name, email: `${name}@example.com` }
    const created = await api.send('POST', '/v1/users', { token: admin.token, body: { ...account, password } })
    const { id } = created.body as { id: string }
    expect(tagOf(created)).toBe(tagOf(await read(id)))
    const body = { ...account, first_name: 'Jane', last_name: null, role: 'user', is_active: true }
    const replaced = await api.send('PUT', `/v1/users/${id}`, { token: admin.token, body })
    expect(tagOf(replaced)).toBe(tagOf(await read(id, undefined, other)))
    const changed = await patch(id, { first_name: 'Joan' })
    expect(tagOf(changed)).toBe(tagOf(await read(id)))
    const unchanged = await patch(id, { first_name: 'Joan' }, undefined, true)
    expect(tagOf(unchanged)).toBe(tagOf(changed))
    expect(new Set([created, replaced, changed].map(tagOf)).size).toBe(3)
  })

  test('RES-09 a sign-in changes the tag, and costs nobody a 412', async () => {
    const { id, username } = await addPerson(api)
    const before = tagOf(await read(id))
    await signIn(api, username)
    const seen = await read(id, before)
    expect(seen.status).toBe(200)
    expect((seen.body as { last_login_at: string | null }).last_login_at).not.toBeNull()
    expect(tagOf(seen)).not.toBe(before)
    expect((await patch(id, { first_name: 'Joan' }, before)).status).toBe(200)
  })

  const changes: [string, (id: string, headers: Record<string, string>) => Promise<Answer>][] = [
    [
      'PUT',
      (id, headers) => {
        const name = uniqueName('put')
        const profile = { username: name, email: `${name}@example.com`, first_name: null, last_name: null }
        const body = { ...profile, role: 'user', is_active: true }
        return api.send('PUT', `/v1/users/${id}`, { token: admin.token, body, headers })
      },
    ],
    ['PATCH', (id, headers) => patch(id, { first_name: uniqueName('Joan') }, headers['if-match'])],
    ['DELETE', (id, headers) => api.send('DELETE', `/v1/users/${id}`, { token: admin.token, headers })],
  ]

  test.each(changes)('RES-06! %s changes the version it names, and no other', async (_method, change) => {
    const { id } = await addPerson(api)
    const stale = tagOf(await read(id))
    const current = tagOf(await patch(id, { last_name: 'Doe' }))
    const [before, count] = [await storedUser(api, id), await countEvents(api)]
    const version = current.slice(1, current.indexOf('-'))
    const others = [stale, `W/${current}`, `"${version}"`, '""', `"x", W/"y", ${stale}`, current.replace('"', '"0')]
    for (const field of others) {
      const answer = await change(id, { 'if-match': field })
      expect([field, answer.status, tagOf(answer)]).toEqual([field, 412, current])
      expect(answer.body).toMatchObject({ type: '/problems/precondition-failed' })
    }
    expect(await storedUser(api, id)).toEqual(before)
    expect(await countEvents(api)).toBe(count)
    expect((await change(id, { 'if-match': `"x", ${current}` })).status).toBeLessThan(300)
  })

  test.each(changes)('RES-06! %s takes any version where * or nothing is demanded', async (_method, change) => {
    for (const headers of [{ 'if-match': '*' }, {}] as Record<string, string>[]) {
      const { id } = await addPerson(api)
      expect((await change(id, headers)).status).toBeLessThan(300)
    }
  })

  test('RES-06! CON-01! of twenty patches at once with one tag on two instances one is made', async () => {
    const { id } = await addPerson(api)
    const tag = tagOf(await read(id))
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        patch(id, { first_name: `Joan ${index}` }, tag, false, index % 2 === 0 ? api : other),
      ),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(19).fill(412)])
    const winner = answers.find(({ status }) => status === 200)!
    expect(new Set(answers.map(tagOf))).toEqual(new Set([tagOf(winner)]))
    expect((await read(id)).body).toEqual(winner.body)
    expect(await storedUser(api, id)).toMatchObject({ version: 2 })
  })

  test('RES-07 a retry of a patch whose answer was lost is a 412 that names the state it made', async () => {
    const { id } = await addPerson(api)
    const tag = tagOf(await read(id))
    const lost = await patch(id, { first_name: 'Joan' }, tag)
    const retry = await patch(id, { first_name: 'Joan' }, tag)
    expect([retry.status, tagOf(retry)]).toEqual([412, tagOf(lost)])
    expect((await read(id, tagOf(retry))).status).toBe(304)
  })

  test('a patch that would change nothing is held to the tag as well', async () => {
    const { id } = await addPerson(api)
    const stale = tagOf(await read(id))
    const current = tagOf(await patch(id, { first_name: 'Joan' }))
    expect((await patch(id, { first_name: 'Joan' }, stale)).status).toBe(412)
    expect((await patch(id, {}, current, true)).status).toBe(200)
  })

  test('who may not change the user, or finds none, is told so whatever the condition', async () => {
    const moderator = await signInAs(api, 'moderator')
    const headers = { 'if-match': '"1"' }
    const path = `/v1/users/${admin.user.id}`
    const refused = await api.send('PATCH', path, { token: moderator.token, body: { first_name: 'Joan' }, headers })
    expect([refused.status, refused.headers.etag]).toEqual([403, undefined])
    expect((await patch('0199d8b2-5f1e-7c3a-9d6e-2b8f4a1c7e55', { first_name: 'Joan' }, '*')).status).toBe(404)
  })

  test('CAC-01! whoever read on one instance learns of a change on the other at once', async () => {
    const { id } = await addPerson(api)
    let tag = tagOf(await read(id))
    for (let round = 0; round < 100; round += 1) {
      const [writer, reader] = round % 2 === 0 ? [api, other] : [other, api]
      const changed = await patch(id, { first_name: `Joan ${round}` }, tag, false, writer)
      const seen = await read(id, tag, reader)
      expect([changed.status, seen.status, tagOf(seen)]).toEqual([200, 200, tagOf(changed)])
      tag = tagOf(changed)
    }
  })
})
