import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readPepperFile, readSignerKeyFile } from '../../src/security/hashSecrets.ts'

const folder = mkdtempSync(join(tmpdir(), 'peppers-'))
const path = join(folder, 'peppers')
const key = (fill: number, length = 32): string => Buffer.alloc(length, fill).toString('base64')

afterAll(() => rmSync(folder, { recursive: true }))

describe('readPepperFile', () => {
  test('reads the peppers in their order, without comments and blank lines', () => {
    writeFileSync(path, `# rotated in May\nnew-2:${key(2)}\r\n\nold_1:${key(1, 64)}\n`)
    expect(readPepperFile(path)).toEqual([
      { id: 'new-2', key: Buffer.alloc(32, 2) },
      { id: 'old_1', key: Buffer.alloc(64, 1) },
    ])
  })

  test.each([
    ['a short key', `a:${key(1, 31)}`, /^line 1 of the pepper file .* is not/],
    ['no id', key(1), /^line 1 .* is not/],
    ['a long id', `123456789:${key(1)}`, /^line 1 .* is not/],
    ['no base64', `a:${key(1)}\nb:${key(1)}!`, /^line 2 .* is not/],
    ['an id twice', `a:${key(1)}\na:${key(2)}`, /^line 2 .* has the id of an earlier line/],
    ['nothing', '# nothing yet\n', /has no pepper in it/],
  ])('refuses %s without showing it', (_what, content, message) => {
    writeFileSync(path, content)
    expect(() => readPepperFile(path)).toThrow(message)
    expect(() => readPepperFile(path)).not.toThrow(key(1).slice(0, 20))
  })

  test('says which file is missing', () => {
    expect(() => readPepperFile(join(folder, 'none'))).toThrow(/none cannot be read \(ENOENT\)/)
  })
})

test('readSignerKeyFile takes longer ids, as projects have, and calls its file by its name', () => {
  const id = 'my-firebase-project-of-2024'
  writeFileSync(path, `${id}:${key(3, 64)}\n`)
  expect(readSignerKeyFile(path)).toEqual([{ id, key: Buffer.alloc(64, 3) }])
  expect(() => readPepperFile(path)).toThrow(/^line 1 of the pepper file .* is not/)
  writeFileSync(path, '')
  expect(() => readSignerKeyFile(path)).toThrow(/^The signer key file .* has no signer key in it/)
})
