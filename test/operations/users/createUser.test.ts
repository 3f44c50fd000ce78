import { startApi, type Api } from '../../support/api.ts'
import type { Answer } from '../../support/checkAnswer.ts'
import { addPerson, password, signIn, signInAs, uniqueName, type SignedIn } from '../../support/people.ts'
import { countEvents, eventsOf, storedUser } from '../../support/trail.ts'

interface Created {
  id: string
  first_name: string | null
  last_name: string | null
}

describe('createUser', () => {
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

  const create = (body: object, on = api): Promise<Answer> =>
    on.send('POST', '/v1/users', { token: admin.token, body: { password, ...body } })
  const account = (name = uniqueName('new')) => ({ username: name, email: `${name}@example.com` })

  test('RES-01! answers the new user and where it is; the user can sign in at once', async () => {
    const wanted = { ...account(uniqueName('New.One')), first_name: 'Jane', last_name: 'Roe' }
    const answer = await create(wanted)
    const created: Created = answer.body
    expect(answer.status).toBe(201)
    expect(answer.headers.location).toBe(`/v1/users/${created.id}`)
    expect(answer.body).toMatchObject({ ...wanted, role: 'user', is_active: true, last_login_at: null })
    expect((await api.send('GET', answer.headers.location!, { token: admin.token })).body).toEqual(answer.body)
    expect((await signIn(api, wanted.username)).user.id).toBe(created.id)
  })

  test('AUD-01! leaves one event with every property but the password', async () => {
    const wanted = { ...account(), first_name: null, role: 'moderator', is_active: false }
    const headers = { 'user-agent': 'Terminal/1.0', 'x-request-id': 'create-one-user' }
    const answer = await api.send('POST', '/v1/users', {
      ...{ token: admin.token, headers, body: { ...wanted, password } },
    })
    const events = await eventsOf(api, answer)
    expect(events).toHaveLength(1)
    expect(events[0]).toMatchObject({
      ...{ action: 'user.created', outcome: 'success', actor_id: admin.user.id, actor_role: 'admin' },
      ...{ subject_id: (answer.body as Created).id, ip: '127.0.0.1', user_agent: 'Terminal/1.0' },
      ...{ request_id: 'create-one-user' },
    })
    expect(events[0]!.age).toBeLessThan(60)
    const after = Object.entries({ ...wanted, last_name: null }).map(([name, value]) => [name, { after: value }])
    expect(events[0]!.changes).toEqual(Object.fromEntries(after))
  })

  test('PWD-01! keeps an argon2id hash, salted anew for each user', async () => {
    const answers = [await create(account()), await create(account())]
    const users = await Promise.all(answers.map(({ body }) => storedUser(api, (body as Created).id)))
    const hashes = users.map(({ password_hash }) => password_hash as string)
    for (const hash of hashes) expect(hash).toMatch(/^\$argon2id\$v=19\$m=8192,(t=1,p=1|p=1,t=1)\$[^$]{22,}\$[^$]{43}$/)
    expect(hashes[0]).not.toBe(hashes[1])
  })

  test('names are kept in Unicode NFC; 100 characters are counted after that', async () => {
    const created: Created = (
      await create({ ...account(), first_name: 'Ame\u0301lie', last_name: 'A\u030angstro\u0308m' })
    ).body
    expect(created).toMatchObject({ first_name: 'Am\u00e9lie', last_name: '\u00c5ngstr\u00f6m' })
    expect((await create({ ...account(), first_name: '\u{1F600}'.repeat(100) })).status).toBe(201)
    // One of the few characters that NFC takes apart: 51 become 102.
    const grown = await create({ ...account(), first_name: '\u0958'.repeat(51) })
    expect(grown.status).toBe(400)
    expect(grown.body).toMatchObject({ errors: [{ pointer: '/first_name', code: 'max-length' }] })
  })

  test('names every fault at once, and no value', async () => {
    const before = await countEvents(api)
    const wrong = {
      username: 'x!',
      email: 'secretvalue',
      first_name: ' ',
      role: 'root',
      is_active: 'yes',
      nickname: 'N',
    }
    const answer = await create(wrong)
    expect(answer.status).toBe(400)
    const { errors } = answer.body as { errors: { pointer: string }[] }
    const pointers = ['/email', '/first_name', '/is_active', '/nickname', '/role', '/username']
    expect([...new Set(errors.map(({ pointer }) => pointer))].sort()).toEqual(pointers)
    expect(answer.text).not.toContain('secretvalue')
    expect((await create({ username: uniqueName() })).body).toMatchObject({
      errors: [{ pointer: '/email', code: 'required' }],
    })
    expect(await countEvents(api)).toBe(before)
  })

  test.each([
    ['common', 'passwordpassword'],
    ['made of the username', 'made.of.it-2024'],
  ])('PWD-11! PWD-12 a password that is %s is refused', async (_reason, weak) => {
    const answer = await create({ ...account('made.of.it'), password: weak })
    expect(answer.status).toBe(422)
    expect(answer.body).toMatchObject({ type: '/problems/weak-password', errors: [{ pointer: '/password' }] })
  })

  test('INP-06! a taken username or e-mail address is a conflict that names it, whatever the case', async () => {
    const { username, email } = await addPerson(api, { name: uniqueName('Taken') })
    const fresh = account()
    const pointersOf = async (body: object) => {
      const answer = await create(body)
      expect(answer.status).toBe(409)
      expect(answer.body).toMatchObject({ type: '/problems/conflict' })
      expect(answer.text.toLowerCase()).not.toContain(username.toLowerCase())
      return (answer.body as { errors: { pointer: string }[] }).errors.map(({ pointer }) => pointer)
    }
    expect(await pointersOf({ ...fresh, username: username.toUpperCase() })).toEqual(['/username'])
    expect(await pointersOf({ ...fresh, email: email.toLowerCase() })).toEqual(['/email'])
    expect(await pointersOf({ username, email })).toEqual(['/username', '/email'])
  })

  test('INP-09! of fifty at once with one name in many cases, on two instances, one is made', async () => {
    const name = uniqueName('concurrent')
    const variants = Array.from({ length: 50 }, (_, index) => {
      const cased = [...name].map((letter, at) => ((index >> (at % 6)) & 1 ? letter.toUpperCase() : letter)).join('')
      return { username: cased, email: `${cased}@example.com` }
    })
    const answers = await Promise.all(variants.map((each, index) => create(each, index % 2 === 0 ? api : other)))
    const statuses = answers.map(({ status }) => status).sort()
    expect(statuses).toEqual([201, ...Array<number>(49).fill(409)])
    const made = await api.database.query('SELECT id FROM users WHERE username_key = $1', [name])
    expect(made).toHaveLength(1)
    const events = await api.database.query('SELECT id FROM audit_events WHERE subject_id = $1', [made[0]!.id])
    expect(events).toHaveLength(1)
  })
})
