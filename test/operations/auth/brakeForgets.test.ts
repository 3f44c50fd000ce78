import { logIn, newAddress, statusesOf, times } from '../../support/logins.ts'
import { newestToken, startMailApi, type MailApi } from '../../support/mailbox.ts'
import { addPerson, password, signInAs, type SignedIn } from '../../support/people.ts'

const home = '192.0.2.10'
const newPassword = 'eleven calm otters'

describe('what the brake forgets', () => {
  let api: MailApi
  let admin: SignedIn
  beforeAll(async () => {
    api = await startMailApi({ env: { TRUST_PROXY: '1' } })
    admin = await signInAs(api, 'admin')
  })
  afterAll(() => api.close())

  const statusOf = async (identifier: string, secret: string, from = newAddress()) =>
    (await logIn(api, identifier, { from, secret })).status
  /** Fails until it is refused unseen, from new addresses where none is given. */
  async function fail(identifier: string, from?: string): Promise<void> {
    const guess = () => logIn(api, identifier, from === undefined ? {} : { from })
    expect(statusesOf(await times(10, guess))).toEqual(Array<number>(10).fill(401))
    expect((await guess()).status).toBe(429)
  }
  /** Somebody whom nobody at home and nobody elsewhere can sign in as any more, by username or address. */
  async function lockedOut() {
    const person = await addPerson(api)
    expect(await statusOf(person.username, password, home)).toBe(200)
    for (const name of [person.username, person.email]) {
      await fail(name, home)
      await fail(name)
    }
    return person
  }
  const remove = (id: string) => api.send('DELETE', `/v1/users/${id}`, { token: admin.token })
  const erase = (id: string) => api.send('POST', `/v1/users/${id}/erase`, { token: admin.token })
  const createAnew = async ({ username, email }: { username: string; email: string }) =>
    (await api.send('POST', '/v1/users', { token: admin.token, body: { username, email, password } })).status
  const askForReset = (email: string) => api.send('POST', '/v1/auth/password/forgot', { body: { email } })

  test.each([
    [
      'an administrator has set',
      ({ id }: { id: string }) =>
        api.send('PUT', `/v1/users/${id}/password`, { token: admin.token, body: { new_password: newPassword } }),
    ],
    [
      'its owner has set by mail, in another network,',
      async ({ email }: { email: string }) => {
        await askForReset(email)
        const body = { token: await newestToken(api, email), new_password: newPassword }
        const headers = { 'x-forwarded-for': newAddress() }
        return api.send('POST', '/v1/auth/password/reset', { body, headers })
      },
    ],
  ])('BRU-03! a password that %s opens the door everywhere, whatever was tried before', async (_name, set) => {
    const person = await lockedOut()
    expect((await set(person)).status).toBe(204)
    for (const name of [person.username, person.email]) {
      expect(await statusOf(name, newPassword, home)).toBe(200)
      expect(await statusOf(name, newPassword)).toBe(200)
      await fail(name, home)
      await fail(name)
    }
  })

  test('BRU-02! nothing is forgotten for a reset that was only asked for, or not with the mailed token', async () => {
    const { username, email } = await addPerson(api)
    expect(await statusOf(username, password, home)).toBe(200)
    await fail(username, home)
    await fail(username)
    await askForReset(email)
    const body = { token: 'x', new_password: newPassword }
    expect((await api.send('POST', '/v1/auth/password/reset', { body })).status).toBe(401)
    expect([await statusOf(username, password, home), await statusOf(username, password)]).toEqual([429, 429])
  })

  test.each([
    ['deleted', remove],
    ['erased', erase],
  ])(
    'DEL-02! whoever takes the names of a %s account inherits no failures, at home or elsewhere',
    async (_name, end) => {
      const person = await lockedOut()
      expect((await end(person.id)).status).toBeLessThan(300)
      expect(await createAnew(person)).toBe(201)
      for (const name of [person.username, person.email]) {
        expect([await statusOf(name, password, home), await statusOf(name, password, home)]).toEqual([200, 200])
        expect(await statusOf(name, password)).toBe(200)
      }
    },
  )

  test('BRU-02! erasing who was deleted forgives nobody who guesses at the one who has the names by now', async () => {
    const person = await addPerson(api)
    await remove(person.id)
    expect(await createAnew(person)).toBe(201)
    await fail(person.email)
    expect((await erase(person.id)).status).toBe(200)
    expect(await statusOf(person.email, password)).toBe(429)
  })
})
