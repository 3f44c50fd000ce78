import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { blocklistSize, isBlocklisted } from '../../src/security/blocklist.ts'
import { fingerprint, fingerprintLength } from '../../src/security/data/fingerprint.ts'

const file = new URL('../../src/security/data/blocklist.bin', import.meta.url)
const bytes = readFileSync(file)

describe('the list of refused passwords', () => {
  test('has at least 100,000 entries in at most 1.5 MB', () => {
    expect(blocklistSize).toBeGreaterThanOrEqual(100_000)
    expect(bytes.length).toBeLessThanOrEqual(1_500_000)
  })

  test('is the file its README describes', () => {
    const digest = createHash('sha256').update(bytes).digest('hex')
    const readme = readFileSync(new URL('README.md', file), 'utf8')
    expect(readme).toContain(`\`${digest}\``)
  })

  test('is sorted and without repetition, as the binary search needs it', () => {
    let disorder = 0
    for (let at = fingerprintLength; at < bytes.length; at += fingerprintLength) {
      const before = bytes.readUIntBE(at - fingerprintLength, fingerprintLength)
      if (bytes.readUIntBE(at, fingerprintLength) <= before) disorder++
    }
    expect(disorder).toBe(0)
  })

  test.each(['password', '1qaz2wsx3edc', 'qwertyqwerty', 'leavemealone', 'administrator', '123456789012', 'dragon'])(
    'knows %s, in whatever case',
    (password) => {
      expect([isBlocklisted(password), isBlocklisted(password.toUpperCase())]).toEqual([true, true])
    },
  )

  test('finds its first and its last entry', () => {
    expect([isBlocklisted('31081989'), isBlocklisted('33103310')]).toEqual([true, true])
    expect([fingerprint('31081989'), fingerprint('33103310')]).toEqual([
      bytes.readUIntBE(0, fingerprintLength),
      bytes.readUIntBE(bytes.length - fingerprintLength, fingerprintLength),
    ])
  })

  test('knows none of 100,000 texts that nobody has for a password', () => {
    const taken = Array.from({ length: 100_000 }, (_, index) => `nobody's password no. ${index}`).filter(isBlocklisted)
    expect(taken).toEqual([])
  })
})
