import { startApi, type Api } from '../../support/api.ts'
import { addPerson, signIn, signInAs, uniqueName, type SignedIn } from '../../support/people.ts'
import { countEvents, eventsOf, storedUser } from '../../support/trail.ts'

describe('updateUser', () => {
  let api: Api
  let admin: SignedIn
  beforeAll(async () => {
    api = await startApi()
    admin = await signInAs(api, 'admin')
  })
  afterAll(() => api.close())

  const patch = (
    id: string,
    body: unknown,
    { token = admin.token, isNoChange = false, type = 'application/json' } = {},
  ) => api.send('PATCH', `/v1/users/${id}`, { token, body, isNoChange, headers: { 'content-type': type } })

  test('AUD-01! changes what is given and leaves the rest, with old and new values in the trail', async () => {
    const person = await addPerson(api)
    const answer = await patch(person.id, { last_name: 'Doe', role: 'moderator' })
    expect(answer.status).toBe(200)
    const { updated_at: updatedAt, ...rest } = answer.body as { updated_at: string }
    expect(rest).toMatchObject({ id: person.id, username: person.username, first_name: 'Jane', last_name: 'Doe' })
    expect(updatedAt > person.updated_at).toBe(true)
    const events = await eventsOf(api, answer)
    expect(events).toHaveLength(1)
    expect(events[0]).toMatchObject({ action: 'user.updated', actor_id: admin.user.id, subject_id: person.id })
    expect(events[0]!.changes).toEqual({
      last_name: { before: 'Roe', after: 'Doe' },
      role: { before: 'user', after: 'moderator' },
    })
    expect(await storedUser(api, person.id)).toMatchObject({ version: 2 })
  })

  test('RES-04 null clears a name, and nothing else can be null', async () => {
    const person = await addPerson(api)
    const cleared = await patch(person.id, { first_name: null }, { type: 'application/merge-patch+json' })
    expect(cleared.body).toMatchObject({ first_name: null, last_name: 'Roe' })
    for (const name of ['username', 'email', 'role', 'is_active']) {
      const refused = await patch(person.id, { [name]: null })
      expect(refused.status).toBe(400)
      const { errors } = refused.body as { errors: { pointer: string }[] }
      expect(new Set(errors.map(({ pointer }) => pointer))).toEqual(new Set([`/${name}`]))
    }
  })

  test.each([
    ['nothing', {}],
    ['what is so already', { first_name: 'Jane', role: 'user', is_active: true }],
    ['the same name in another Unicode form', { last_name: 'Roe' }],
  ])('ABU-29 AUD-15 a patch of %s is a success that changes nothing', async (_what, body) => {
    const person = await addPerson(api)
    const before = await storedUser(api, person.id)
    const answer = await patch(person.id, body, { isNoChange: true })
    expect(answer.status).toBe(200)
    expect(await storedUser(api, person.id)).toEqual(before)
  })

  test('RES-03! ABU-119 one bad member and nothing is changed', async () => {
    const person = await addPerson(api)
    const [before, count] = [await storedUser(api, person.id), await countEvents(api)]
    const taken = await addPerson(api)
    expect((await patch(person.id, { first_name: 'New', email: 'no address' })).status).toBe(400)
    expect((await patch(person.id, { first_name: 'New', nickname: 'N' })).status).toBe(400)
    const conflict = await patch(person.id, { first_name: 'New', username: taken.username.toUpperCase() })
    expect(conflict.status).toBe(409)
    expect(conflict.body).toMatchObject({
      type: '/problems/conflict',
      errors: [{ pointer: '/username', code: 'taken' }],
    })
    expect(await storedUser(api, person.id)).toEqual(before)
    expect(await countEvents(api)).toBe(count + 1)
  })

  test('only the case of the own name may change', async () => {
    const person = await addPerson(api, { name: uniqueName('case') })
    const answer = await patch(person.id, { username: person.username.toUpperCase() })
    expect(answer.body).toMatchObject({ username: person.username.toUpperCase() })
  })

  test('AUD-01! a new e-mail address is unverified, and the event says so', async () => {
    const person = await addPerson(api)
    await api.database.query('UPDATE users SET email_verified = true WHERE id = $1', [person.id])
    const named = await patch(person.id, { first_name: 'Joan' })
    expect(named.body).toMatchObject({ email_verified: true })
    const moved = await patch(person.id, { email: `moved.${person.email}` })
    expect(moved.body).toMatchObject({ email_verified: false })
    const [event] = await eventsOf(api, moved)
    expect(event?.changes).toEqual({
      email: { before: person.email, after: `moved.${person.email}` },
      email_verified: { before: true, after: false },
    })
    const [again] = await eventsOf(api, await patch(person.id, { email: person.email }))
    expect(Object.keys(again!.changes)).toEqual(['email'])
  })

  test('INP-10! names are kept in NFC and may not hide anything', async () => {
    const person = await addPerson(api)
    const composed = await patch(person.id, { first_name: 'Zoe\u0308' })
    expect(composed.body).toMatchObject({ first_name: 'Zo\u00eb' })
    await patch(person.id, { first_name: 'Zo\u00eb' }, { isNoChange: true })
    const hidden = ['\u202eevil', 'a\u200bb', 'a\u0000b', '\ue000', '\u3164', '\u2800', '\ufe0f', 'a\u034fb', '\u0301']
    for (const name of [...hidden, ' a', 'a ', '', 'x'.repeat(101)]) {
      expect((await patch(person.id, { first_name: name })).status).toBe(400)
    }
  })

  test('SES-05! deactivating signs out everywhere; activating brings no session back', async () => {
    const person = await signInAs(api, 'user')
    await signIn(api, person.user.username)
    const answer = await patch(person.user.id, { is_active: false })
    expect((await api.send('GET', '/v1/auth/me', { token: person.token })).status).toBe(401)
    const events = await eventsOf(api, answer)
    expect(events.map(({ action }) => action)).toEqual(['user.updated', 'session.ended', 'session.ended'])
    expect(events[1]!.changes).toEqual({ end_reason: { after: 'user-disabled' } })
    await patch(person.user.id, { is_active: true })
    expect((await api.send('GET', '/v1/auth/me', { token: person.token })).status).toBe(401)
    expect((await signIn(api, person.user.username)).user.is_active).toBe(true)
  })

  test('ABU-75 other kinds of patch are refused', async () => {
    const person = await addPerson(api)
    const operations = [{ op: 'replace', path: '/role', value: 'admin' }]
    expect((await patch(person.id, operations, { type: 'application/json-patch+json' })).status).toBe(415)
    expect((await patch(person.id, operations)).status).toBe(400)
    expect(await storedUser(api, person.id)).toMatchObject({ role: 'user', version: 1 })
  })

  test('of two changes at once neither is lost', async () => {
    const person = await addPerson(api)
    await Promise.all([patch(person.id, { first_name: 'One' }), patch(person.id, { last_name: 'Two' })])
    expect(await storedUser(api, person.id)).toMatchObject({ first_name: 'One', last_name: 'Two', version: 3 })
  })
})
