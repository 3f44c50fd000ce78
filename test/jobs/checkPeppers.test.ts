import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkPeppers } from '../../src/jobs/checkPeppers.ts'
import { startApi, type Api } from '../support/api.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { addPerson, password, signIn } from '../support/people.ts'
import { spawnService } from '../support/service.ts'
import { storedUser } from '../support/trail.ts'

const pepper = (id: string) => `${id}:${randomBytes(32).toString('base64')}`

describe('peppers', () => {
  let database: TestDatabase
  let folder: string
  let file: string
  beforeEach(async () => {
    database = await createTestDatabase()
    folder = await mkdtemp(join(tmpdir(), 'user-management-pepper-'))
    file = join(folder, 'peppers')
  })
  afterEach(async () => {
    await database.drop()
    await rm(folder, { recursive: true })
  })

  /** The service with these peppers, checked as at its start. */
  async function withPeppers<Result>(lines: string[], use: (api: Api) => Promise<Result>): Promise<Result> {
    await writeFile(file, lines.join('\n'))
    const api = await startApi({ database, env: lines.length > 0 ? { PASSWORD_PEPPER_FILE: file } : {} })
    try {
      await checkPeppers(api.context)
      return await use(api)
    } finally {
      await api.close()
    }
  }
  const nothing = () => Promise.resolve()
  const known = async () =>
    (await database.query<{ id: string }>('SELECT id FROM password_peppers ORDER BY id')).map(({ id }) => id)

  test('PWD-02 a new pepper takes over at the next login; the old one is needed until then, and no longer', async () => {
    const [old, next] = [pepper('2024'), pepper('2025')]
    const person = await withPeppers([old], (api) => addPerson(api))
    const hashes = await withPeppers([next, old], async (api) => {
      const before = (await storedUser(api, person.id)).password_hash as string
      await signIn(api, person.username)
      return [before, (await storedUser(api, person.id)).password_hash as string]
    })
    const mark = (id: string) => `keyid=${Buffer.from(id).toString('base64url')}$`
    expect(hashes.map((hash) => [hash.includes(mark('2024')), hash.includes(mark('2025'))])).toEqual([
      [true, false],
      [false, true],
    ])
    expect(await known()).toEqual(['2024', '2025'])
    expect(await withPeppers([next], (api) => signIn(api, person.username))).toHaveProperty('token')
    expect(await known()).toEqual(['2025'])
    await expect(withPeppers([old], nothing)).rejects.toThrow(/lacks the pepper "2025"/)
  })

  test('PWD-02 hashes of before there was a pepper are good, and get it', async () => {
    const person = await withPeppers([], (api) => addPerson(api))
    await withPeppers([pepper('2025')], async (api) => {
      await signIn(api, person.username)
      expect((await storedUser(api, person.id)).password_hash).toContain('keyid=')
    })
  })

  test.each(['users', 'registrations'])(
    'PWD-03! a pepper that hashes of %s need must not be missing',
    async (table) => {
      await withPeppers([pepper('2024')], async (api) => {
        const person = await addPerson(api)
        if (table === 'users') return
        await database.query(
          `INSERT INTO registrations (id, username, email, password_hash, expires_at)
         SELECT id, username, email, password_hash, now() + interval '1 day' FROM users`,
        )
        await database.query('DELETE FROM users WHERE id = $1', [person.id])
      })
      for (const lines of [[], [pepper('2025')]]) {
        await expect(withPeppers(lines, nothing)).rejects.toThrow(
          'PASSWORD_PEPPER_FILE lacks the pepper "2024", which password hashes in the database need.',
        )
      }
      expect(await known()).toEqual(['2024'])
    },
  )

  test('PWD-03! another secret under the same id is noticed at once, even before any hash was made', async () => {
    const right = pepper('2025')
    await withPeppers([right], nothing)
    await expect(withPeppers([pepper('2025')], nothing)).rejects.toThrow(/has another secret under the id "2025"/)
    expect(await withPeppers([right], (api) => addPerson(api))).toHaveProperty('id')
  })

  test('a pepper that is not needed may go, also where another id begins like its own', async () => {
    const [short, long] = [pepper('abc'), pepper('abcd')]
    await withPeppers([long, short], (api) => addPerson(api))
    expect(await known()).toEqual(['abc', 'abcd'])
    await withPeppers([long], nothing)
    expect(await known()).toEqual(['abcd'])
  })

  test('the database holds nothing that a pepper could be made from', async () => {
    const line = pepper('2025')
    await withPeppers([line], (api) => addPerson(api))
    const kept = JSON.stringify(
      await database.query(`SELECT id, encode(proof, 'base64') AS proof FROM password_peppers`),
    )
    expect(kept).toContain('2025')
    expect(kept).not.toContain(line.split(':')[1])
  })

  describe('at the start of the service', () => {
    const start = async (env: Record<string, string>) => {
      const settings = { PATH: process.env.PATH ?? '', ENVIRONMENT: 'test', PORT: '0', DATA_DIR: folder }
      const cheap = { ARGON2_MEMORY_KIB: '8192', ARGON2_TIME_COST: '1', ADMIN_PASSWORD: password }
      const service = spawnService({ ...settings, ...cheap, DATABASE_URL: database.url, ...env }, folder)
      return { code: await service.ended, errors: service.errors(), log: service.log() }
    }

    test.each([
      ['is not there', () => Promise.resolve()],
      [
        'cannot be read',
        async () => {
          await writeFile(file, pepper('2025'))
          await chmod(file, 0)
          if (process.getuid?.() === 0) await rm(file).then(() => writeFile(file, ''))
        },
      ],
      ['is empty', () => writeFile(file, '\n# nothing\n')],
      ['has a short secret', () => writeFile(file, `2025:${randomBytes(31).toString('base64')}\n`)],
      ['has one id twice', () => writeFile(file, `${pepper('2025')}\n${pepper('2025')}\n`)],
    ])('PWD-03! a file that %s stops it with 78', async (_name, make) => {
      await make()
      const { code, errors } = await start({ PASSWORD_PEPPER_FILE: file })
      expect([code, errors]).toEqual([
        78,
        expect.stringMatching(/PASSWORD_PEPPER_FILE The pepper file|PASSWORD_PEPPER_FILE line/),
      ])
      expect(errors.trim().split('\n')).toHaveLength(2)
      expect(errors).not.toMatch(/[A-Za-z0-9+/]{40}/)
    })

    test('PWD-03! a missing pepper stops it, with one line that says which', async () => {
      await withPeppers([pepper('2024')], (api) => addPerson(api))
      const { code, errors } = await start({})
      expect(code).toBe(1)
      expect(errors).toBe('PASSWORD_PEPPER_FILE lacks the pepper "2024", which password hashes in the database need.\n')
    })
  })
})
