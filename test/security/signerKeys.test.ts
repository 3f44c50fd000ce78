import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startMailApi } from '../support/mailbox.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { addPerson, signIn, uniqueName } from '../support/people.ts'
import { spawnService } from '../support/service.ts'
import { storedUser } from '../support/trail.ts'

// The example project of the Firebase scrypt utility's README.
const signerKey = 'jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA=='
const typed = 'user1password'
const stored =
  '$firebase-scrypt$ln=14,r=8,ss=Bw==,kid=my-project$42xEC+ixf3L2lw==$lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ=='

describe('FIREBASE_SIGNER_KEYS_FILE', () => {
  let database: TestDatabase
  let folder: string
  let file: string
  beforeAll(async () => {
    database = await createTestDatabase()
    folder = await mkdtemp(join(tmpdir(), 'user-management-signer-'))
    file = join(folder, 'signer-keys')
  })
  afterAll(async () => {
    await database.drop()
    await rm(folder, { recursive: true })
  })

  test('lets who was imported from Firebase sign in, once with the old hash and from then on with one of ours', async () => {
    await writeFile(file, `# of the console, under password hash parameters\nmy-project:${signerKey}\n`)
    await using api = await startMailApi({ database, env: { FIREBASE_SIGNER_KEYS_FILE: file } })
    const { id, username } = await addPerson(api, { name: uniqueName('imported') })
    await database.query('UPDATE users SET password_hash = $2 WHERE id = $1', [id, stored])
    const login = async (password: string) =>
      (await api.send('POST', '/v1/auth/login', { body: { identifier: username, password } })).status
    expect(await login(`${typed} `)).toBe(401)
    expect((await storedUser(api, id)).password_hash).toBe(stored)
    expect(await login(typed)).toBe(200)
    expect((await storedUser(api, id)).password_hash).toMatch(/^\$argon2id\$/)
    expect(await login(typed)).toBe(200)
  })

  test('without the key such a hash is a 401 and an error in the log', async () => {
    await using api = await startMailApi({ database })
    const { id, username } = await addPerson(api, { name: uniqueName('locked.out') })
    await database.query('UPDATE users SET password_hash = $2 WHERE id = $1', [id, stored])
    await expect(signIn(api, username)).rejects.toThrow(/invalid-credentials/)
    expect(api.log).toContainEqual(
      expect.objectContaining({ level: 'error', msg: expect.stringMatching(/hash/) as unknown }),
    )
  })

  test.each([
    ['is not there', undefined],
    ['is empty', '\n'],
    ['has a key that is cut', `my-project:${signerKey.slice(0, 40)}\n`],
  ])('a file that %s stops the start with 78', async (_name, content) => {
    await rm(file, { force: true })
    if (content !== undefined) await writeFile(file, content)
    const settings = { PATH: process.env.PATH ?? '', ENVIRONMENT: 'test', PORT: '0', DATA_DIR: folder }
    const service = spawnService({ ...settings, DATABASE_URL: database.url, FIREBASE_SIGNER_KEYS_FILE: file }, folder)
    expect(await service.ended).toBe(78)
    expect(service.errors()).toMatch(/FIREBASE_SIGNER_KEYS_FILE (The signer key file|line 1 of the signer key file)/)
    expect(service.errors()).not.toContain(signerKey.slice(0, 20))
  })
})
