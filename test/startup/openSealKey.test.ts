import { generateKeyPairSync } from 'node:crypto'
import { mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ConfigError, readConfig } from '../../src/config.ts'
import { createSealKeyPem, readSealKey } from '../../src/security/sealKey.ts'
import { openKeys } from '../../src/startup/openKeys.ts'
import { openSealKey, rememberSealKey } from '../../src/startup/openSealKey.ts'

describe('the key of seals', () => {
  let folder: string
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'seal-key-'))))
  afterEach(() => rm(folder, { recursive: true }))

  const configure = async (env: Record<string, string> = {}) => {
    const config = readConfig({ JWT_SECRET: 'Ww3kq9Zt1xJ8vN5bR2mL7pD4sG6hF0cYaEuTiOjKnBq', DATA_DIR: folder, ...env })
    return [config, await openKeys(config)] as const
  }
  const open = async (env: Record<string, string>) => openSealKey(...(await configure(env)))
  const kept = () => join(folder, 'audit-seal-key.pem')

  test('is made once and kept for its owner alone, several starts at once included', async () => {
    const opened = await Promise.all([open({}), open({}), open({})])
    expect(new Set(opened.map(({ key }) => key.id)).size).toBe(1)
    expect(opened[0].isDerived).toBe(false)
    expect((await stat(kept())).mode & 0o777).toBe(0o600)
    expect(opened[0].key.verifies('text', opened[1].key.sign('text'))).toBe(true)
  })

  test('is derived from the signing secret where nothing can be kept, and an earlier secret’s still counts', async () => {
    // A folder below a file cannot be made, whoever asks.
    await writeFile(join(folder, 'file'), '')
    const DATA_DIR = join(folder, 'file', 'data')
    const { key, isDerived } = await open({ DATA_DIR })
    expect([isDerived, (await open({ DATA_DIR })).key.id]).toEqual([true, key.id])
    const rotated = { JWT_SECRET: 'x'.repeat(40), JWT_PREVIOUS_SECRETS: 'Ww3kq9Zt1xJ8vN5bR2mL7pD4sG6hF0cYaEuTiOjKnBq' }
    const later = await open({ DATA_DIR, ...rotated })
    expect(later.key.id).not.toBe(key.id)
    expect(later.derived.map(({ id }) => id)).toContain(key.id)
  })

  test('stays what it was while the folder is away, and where another was made in its place', async () => {
    const ask = rememberSealKey(...(await configure()))
    const { key } = await ask()
    await rename(folder, `${folder}.away`)
    expect((await ask()).key.id).toBe(key.id)
    expect((await open({})).key.id).not.toBe(key.id)
    expect((await ask()).key.id).toBe(key.id)
    await rm(folder, { recursive: true })
    await rename(`${folder}.away`, folder)
  })

  test('is not made anew beside one that cannot be read', async () => {
    await mkdir(kept())
    await expect(open({})).rejects.toThrow(
      /DATA_DIR has a key in it, audit-seal-key.pem, that cannot be read \(EISDIR\)/,
    )
  })

  test('is the one of AUDIT_SEAL_KEY_FILE where that is set', async () => {
    const pem = createSealKeyPem()
    const file = join(folder, 'own.pem')
    await writeFile(file, pem)
    expect((await open({ AUDIT_SEAL_KEY_FILE: file })).key.id).toBe(readSealKey(pem)!.id)
  })

  test('a file that is missing, damaged or holds another kind of key is a fault of the configuration', async () => {
    const file = join(folder, 'own.pem')
    await expect(open({ AUDIT_SEAL_KEY_FILE: file })).rejects.toThrow(/AUDIT_SEAL_KEY_FILE cannot be read \(ENOENT\)/)
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    await writeFile(file, privateKey.export({ type: 'pkcs8', format: 'pem' }))
    await expect(open({ AUDIT_SEAL_KEY_FILE: file })).rejects.toThrow(/AUDIT_SEAL_KEY_FILE has no Ed25519 key/)
    await writeFile(kept(), 'half a key')
    await expect(open({})).rejects.toThrow(ConfigError)
  })
})
