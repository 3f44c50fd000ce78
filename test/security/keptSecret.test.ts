import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readKeptSecret } from '../../src/security/keptSecret.ts'
import { StartupError } from '../../src/startupError.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'user-management-test-'))
})
afterEach(() => rm(folder, { recursive: true }))

test('is made once, for its owner alone, and is the same ever after', async () => {
  const dataDir = join(folder, 'not', 'there', 'yet')
  const secret = await readKeptSecret(dataDir)
  expect(Buffer.from(secret, 'base64')).toHaveLength(48)
  expect((await stat(join(dataDir, 'jwt-secret'))).mode & 0o777).toBe(0o600)
  expect(await readFile(join(dataDir, 'jwt-secret'), 'utf8')).toBe(secret)
  expect(await readKeptSecret(dataDir)).toBe(secret)
})

test('is another one in another folder', async () => {
  expect(await readKeptSecret(join(folder, 'a'))).not.toBe(await readKeptSecret(join(folder, 'b')))
})

test('is the same for all who start at once', async () => {
  const secrets = await Promise.all(Array.from({ length: 20 }, () => readKeptSecret(folder)))
  expect(new Set(secrets).size).toBe(1)
  expect(Buffer.from(secrets[0]!, 'base64')).toHaveLength(48)
  expect(await readdir(folder)).toEqual(['jwt-secret'])
})

test('a folder that cannot be one is said in a sentence', async () => {
  const file = join(folder, 'file')
  await writeFile(file, '')
  const attempt = readKeptSecret(join(file, 'data'))
  await expect(attempt).rejects.toThrow(StartupError)
  await expect(attempt).rejects.toThrow(/DATA_DIR/)
})

test('a damaged one is refused, not used', async () => {
  await writeFile(join(folder, 'jwt-secret'), 'half a secr')
  const attempt = readKeptSecret(folder)
  await expect(attempt).rejects.toThrow(StartupError)
  await expect(attempt).rejects.toThrow(/jwt-secret is damaged: delete the file/)
  expect(await readdir(folder)).toEqual(['jwt-secret'])
})
