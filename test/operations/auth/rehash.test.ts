import argon2 from 'argon2'
import { hash as bcrypt } from '@node-rs/bcrypt'
import { startApi, type Api } from '../../support/api.ts'
import { addPerson, password, signIn } from '../../support/people.ts'
import { storedUser } from '../../support/trail.ts'

const current = /^\$argon2id\$v=19\$m=8192,t=1,p=1\$[\w+/]{22}\$[\w+/]{43}$/
const base = { memoryCost: 8192, timeCost: 1, parallelism: 1 }
const newPassword = 'eleven calm otters'

/** Each differs from what is made now in one thing. */
const outdated: [string, (text: string) => Promise<string>][] = [
  ['the algorithm argon2i', (text) => argon2.hash(text, { ...base, type: argon2.argon2i })],
  ['less memory', (text) => argon2.hash(text, { ...base, memoryCost: 4096 })],
  ['more passes', (text) => argon2.hash(text, { ...base, timeCost: 2 })],
  ['more lanes', (text) => argon2.hash(text, { ...base, parallelism: 2 })],
  ['a shorter tag', (text) => argon2.hash(text, { ...base, hashLength: 16 })],
  ['a shorter salt', (text) => argon2.hash(text, { ...base, salt: Buffer.alloc(8, 7) })],
  ['bcrypt', (text) => bcrypt(text, 4)],
]

describe('a hash of an older kind', () => {
  let api: Api
  beforeAll(async () => {
    api = await startApi()
  })
  afterAll(() => api.close())

  async function addWith(hash: string): Promise<{ id: string; username: string }> {
    const person = await addPerson(api)
    await api.database.query('UPDATE users SET password_hash = $2 WHERE id = $1', [person.id, hash])
    return person
  }
  const login = async (identifier: string, typed = password) =>
    (await api.send('POST', '/v1/auth/login', { body: { identifier, password: typed } })).status
  const hashOf = async (id: string) => (await storedUser(api, id)).password_hash as string

  test.each(outdated)('PWD-04! %s is renewed by the first good login, and by that alone', async (_name, make) => {
    const old = await make(password)
    const { id, username } = await addWith(old)
    expect(await login(username, `${password}x`)).toBe(401)
    expect(await hashOf(id)).toBe(old)
    expect(await login(username)).toBe(200)
    const renewed = await hashOf(id)
    expect(renewed).toMatch(current)
    expect(await login(username)).toBe(200)
    expect(await hashOf(id)).toBe(renewed)
    expect(await storedUser(api, id)).toMatchObject({ version: 1 })
  })

  test.each(['$2a$', '$2b$', '$2y$'])(
    'PWD-06! after %s all of the password counts, not 72 bytes of it',
    async (kind) => {
      const long = 'a'.repeat(50) + 'b'.repeat(30)
      const hash = (await bcrypt(long, 4)).replace(/^\$2.\$/, kind)
      const { id, username } = await addWith(hash)
      expect(await login(username, long)).toBe(200)
      expect(await hashOf(id)).toMatch(current)
      expect(await login(username, `${long.slice(0, 72)}wrong`)).toBe(401)
      expect(await login(username, long)).toBe(200)
    },
  )

  test('two who sign in at once are both let in', async () => {
    for (const [, make] of outdated.slice(-2)) {
      const { username } = await addWith(await make(password))
      const statuses = await Promise.all(Array.from({ length: 6 }, () => login(username)))
      expect(statuses).toEqual(Array(6).fill(200))
    }
  })

  test('PWD-05! a password changed meanwhile stays changed, and the change is not refused', async () => {
    const { id, username } = await addPerson(api)
    const { token } = await signIn(api, username)
    let known = password
    for (let round = 0; round < 20; round += 1) {
      const [, make] = outdated[round % outdated.length]!
      await api.database.query('UPDATE users SET password_hash = $2 WHERE id = $1', [id, await make(known)])
      const next = `${newPassword} ${round}`
      const body = { current_password: known, new_password: next }
      const [, changed] = await Promise.all([
        login(username, known),
        api.send('PUT', '/v1/auth/password', { token, body }),
      ])
      expect([round, changed.status]).toEqual([round, 204])
      expect([round, await login(username, next)]).toEqual([round, 200])
      known = next
    }
    expect(await login(username, `${newPassword} 18`)).toBe(401)
  }, 60_000)
})
