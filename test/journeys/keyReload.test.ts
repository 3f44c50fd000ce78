import { createPublicKey } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { importPublicKey } from '../../src/security/keys.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createKeyFolder, newKey, privatePem, publicPem, type KeyFolder } from '../support/keyFiles.ts'
import { spawnService, until } from '../support/service.ts'

describe('the program', () => {
  let folder: KeyFolder
  let database: TestDatabase
  beforeAll(async () => {
    folder = createKeyFolder()
    database = await createTestDatabase()
  })
  afterAll(async () => {
    await database.drop()
    folder.remove()
  })
  const env = (more: Record<string, string>) => ({
    DATABASE_URL: database.url,
    PORT: '0',
    ENVIRONMENT: 'test',
    ...more,
  })

  test('does not start without its keys: exit 78, the variable named, nothing secret said', async () => {
    const good = folder.write('good.key', privatePem(newKey('EdDSA')))
    const folders = ['empty', 'private'].map((name) => join(folder.path, name))
    for (const each of folders) mkdirSync(each)
    folder.write('private/old.pem', privatePem(newKey('EdDSA')))
    const half = folder.write('half.key', privatePem(newKey('EdDSA')).slice(0, 80))
    const cases: [string, Record<string, string>][] = [
      ['JWT_PRIVATE_KEY_FILE cannot be read (ENOENT)', { JWT_PRIVATE_KEY_FILE: join(folder.path, 'none') }],
      ['JWT_PRIVATE_KEY_FILE cannot be read (EISDIR)', { JWT_PRIVATE_KEY_FILE: folder.path }],
      ['JWT_PRIVATE_KEY_FILE is cut off: a key in it has no end', { JWT_PRIVATE_KEY_FILE: half }],
      ['JWT_PUBLIC_KEYS_DIR cannot be read (ENOENT)', { JWT_PRIVATE_KEY_FILE: good, JWT_PUBLIC_KEYS_DIR: 'none' }],
      [
        'JWT_PUBLIC_KEYS_DIR has a private key in old.pem',
        { JWT_PRIVATE_KEY_FILE: good, JWT_PUBLIC_KEYS_DIR: folders[1]! },
      ],
      ['JWT_ALGORITHM is not that of every key', { JWT_PRIVATE_KEY_FILE: good, JWT_ALGORITHM: 'RS256' }],
    ]
    await Promise.all(
      cases.map(async ([message, variables]) => {
        const service = spawnService(env(variables), folder.path)
        expect([message, await service.ended]).toEqual([message, 78])
        expect(service.errors()).toContain(`  ${message}`)
        expect(service.errors()).not.toMatch(/MC4C|at file:/)
        expect(service.log()).toEqual([])
      }),
    )
  })

  test('FLT-45, JWT-10: reads its keys anew on SIGHUP, and keeps them where they cannot be read', async () => {
    const [first, second] = [newKey('EdDSA'), newKey('ES256')]
    const kids = await Promise.all([
      importPublicKey(createPublicKey(first), 'EdDSA'),
      importPublicKey(createPublicKey(second), 'ES256'),
    ]).then((keys) => keys.map(({ kid }) => kid))
    const file = folder.write('signing.key', privatePem(first))
    const old = join(folder.path, 'empty')
    const service = spawnService(env({ JWT_PRIVATE_KEY_FILE: file, JWT_PUBLIC_KEYS_DIR: old }), folder.path)
    try {
      const ready = await until(() => service.log().find(({ msg }) => msg === 'ready'))
      const listed = async () => {
        const answer = await fetch(`http://127.0.0.1:${String(ready.port)}/.well-known/jwks.json`)
        return ((await answer.json()) as { keys: { kid: string }[] }).keys.map(({ kid }) => kid)
      }
      expect(await listed()).toEqual([kids[0]])

      rmSync(file)
      service.child.kill('SIGHUP')
      const complaint = await until(() => service.log().find(({ level }) => level === 'error'))
      expect(complaint.msg).toBe('JWT_PRIVATE_KEY_FILE cannot be read (ENOENT); those read before stay in use')
      expect(await listed()).toEqual([kids[0]])

      folder.write('signing.key', privatePem(second))
      folder.write('empty/old.pem', publicPem(createPublicKey(first)))
      service.child.kill('SIGHUP')
      await until(() => service.log().find(({ kid }) => kid === kids[1]))
      expect(await listed()).toEqual([kids[1], kids[0]])

      rmSync(join(old, 'old.pem'))
      service.child.kill('SIGHUP')
      await until(async () => (await listed()).length === 1 || undefined)
      expect(await listed()).toEqual([kids[1]])
    } finally {
      service.child.kill('SIGTERM')
    }
    expect(await service.ended).toBe(0)
  })
})
