import { createHash, pbkdf2Sync, scryptSync } from 'node:crypto'
import { hash as bcrypt } from '@node-rs/bcrypt'
import argon2 from 'argon2'
import { startApi, type Api } from '../../support/api.ts'
import { importFile, ndjson, outcomes } from '../../support/imports.ts'
import { password, signIn, signInAs } from '../../support/people.ts'

const salt = Buffer.from('0123456789abcdef')
const base64 = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '')
const pbkdf2 = pbkdf2Sync(password, salt, 1000, 32, 'sha256')

/** One of each family, made by other means than those that verify it, where there are any. */
async function hashes(): Promise<Record<string, string>> {
  const ssha = createHash('sha1').update(password).update(salt).digest()
  return {
    argon2id: await argon2.hash(password, { memoryCost: 1024, timeCost: 1 }),
    argon2i: await argon2.hash(password, { memoryCost: 1024, timeCost: 1, type: argon2.argon2i }),
    bcrypt: await bcrypt(password, 4),
    scrypt: `$scrypt$ln=10,r=8,p=1$${base64(salt)}$${base64(scryptSync(password, salt, 32, { N: 1024, r: 8, p: 1 }))}`,
    pbkdf2: `$pbkdf2-sha256$i=1000$${base64(salt)}$${base64(pbkdf2)}`,
    django: `pbkdf2_sha256$1000$${salt.toString()}$${pbkdf2.toString('base64')}`,
    ssha: `{SSHA}${Buffer.concat([ssha, salt]).toString('base64')}`,
    // Of glibc's crypt(3).
    sha512crypt:
      '$6$rounds=1000$saltstring$0y575MHnffA5sNzsz98cqwBA8Ny.v3BZenQJeVikO.wwhYRwxw7rq6GbQ2sSQHKtUZ/NEbWdn9LwBbJ2s4TcO0',
  }
}

describe('imported hashes', () => {
  let api: Api
  let token: string
  beforeAll(async () => {
    api = await startApi()
    token = (await signInAs(api, 'admin')).token
  })
  afterAll(() => api.close())

  test('of every family sign their people in, by NDJSON and by CSV', async () => {
    const made = Object.entries(await hashes())
    for (const format of ['ndjson', 'csv'] as const) {
      const rows = made.map(([name, hash]) => ({
        username: `${format}.${name}`,
        email: `${format}.${name}@example.com`,
        hash,
      }))
      const raw =
        format === 'ndjson'
          ? ndjson(...rows.map(({ hash, ...row }) => ({ ...row, password_hash: hash })))
          : ['username,email,password_hash', ...rows.map((row) => `${row.username},${row.email},"${row.hash}"`)].join(
              '\n',
            )
      const { results } = await importFile(api, raw, { token, format })
      expect(Object.values(outcomes(results))).toEqual(rows.map(() => 'created'))
      for (const { username } of rows) expect((await signIn(api, username)).user.username).toBe(username)
    }
  })
})
