import { availableParallelism } from 'node:os'
import argon2, { argon2i, type HashOptions } from 'argon2'
import { hash as bcryptHash } from '@node-rs/bcrypt'
import { Problem } from '../../src/problem.ts'
import { createPasswordHasher, hashConcurrency, type PasswordHasherOptions } from '../../src/security/passwordHasher.ts'

const cheap = { memoryKib: 64, timeCost: 1, parallelism: 1 }
const create = (options: Partial<PasswordHasherOptions> = {}) => createPasswordHasher({ ...cheap, ...options })
const pepper = (id: string, fill: number) => ({ id, key: Buffer.alloc(32, fill) })

describe('a new hash', () => {
  test('is Argon2id in PHC form with the parameters given, salted afresh', async () => {
    const hasher = create({ memoryKib: 19_456, timeCost: 2 })
    const [one, other] = await Promise.all([hasher.hash('green bicycle'), hasher.hash('green bicycle')])
    // 16 bytes of salt are 22 characters, 32 of tag 43.
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
    expect(one).not.toBe(other)
    expect(await argon2.verify(one, 'green bicycle')).toBe(true)
    expect(await hasher.verify(one, 'green bicycle')).toBe('match')
    expect(hasher.needsRehash(one)).toBe(false)
  })

  test('is of the whole password, neither trimmed nor folded nor cut', async () => {
    const hasher = create()
    const stored = await hasher.hash(`Green ${'x'.repeat(122)}`)
    expect(await hasher.verify(stored, `Green ${'x'.repeat(122)}`)).toBe('match')
    for (const other of [`Green ${'x'.repeat(121)}y`, ` Green ${'x'.repeat(122)}`, `green ${'x'.repeat(122)}`]) {
      expect(await hasher.verify(stored, other)).toBe('mismatch')
    }
    const spaced = await hasher.hash('green bicycle ')
    expect(await hasher.verify(spaced, 'green bicycle')).toBe('mismatch')
  })

  test('is the same for every way of writing a character', async () => {
    const hasher = create()
    const composed = await hasher.hash('caf\u00e9 cr\u00e8me')
    expect(await hasher.verify(composed, 'cafe\u0301 cre\u0300me')).toBe('match')
    const fullWidth = await hasher.hash('\uff21\uff22\uff23')
    expect(await hasher.verify(fullWidth, 'ABC')).toBe('match')
  })
})

describe('verifying', () => {
  test('an imported bcrypt hash, and after the upgrade the bytes bcrypt could not see', async () => {
    const hasher = create()
    const password = 'p'.repeat(80)
    const imported = await bcryptHash(password, 4)
    expect(await hasher.verify(imported, password)).toBe('match')
    expect(hasher.needsRehash(imported)).toBe(true)
    const upgraded = await hasher.hash(password)
    expect(await hasher.verify(upgraded, `${'p'.repeat(72)}wrong`)).toBe('mismatch')
  })

  test('an imported hash of a password as it was typed', async () => {
    const hasher = create()
    const imported = await bcryptHash('cafe\u0301', 4)
    expect(await hasher.verify(imported, 'cafe\u0301')).toBe('match')
    expect(await hasher.verify(imported, 'cafe\u0300')).toBe('mismatch')
  })

  test.each(['x', '', '$argon2id$broken', '$2b$99$corrupt', '{MD5}abcd'])(
    'ENU-02! PWD-07 a corrupt hash (%s) is no error, and costs what a current hash costs',
    async (stored) => {
      const hasher = create()
      const pending = hasher.verify(stored, 'green bicycle')
      expect(hasher.stats.active).toBe(1)
      expect(await pending).toBe('unknown-format')
      expect(hasher.needsRehash(stored)).toBe(true)
    },
  )

  test('ENU-02! the dummy hash takes a place and matches nothing', async () => {
    const hasher = create()
    const pending = hasher.verifyDummy('green bicycle')
    expect(hasher.stats.active).toBe(1)
    expect(await pending).toBeUndefined()
  })
})

describe('needsRehash', () => {
  const options = { memoryCost: 64, timeCost: 1, parallelism: 1 }

  test.each<[string, HashOptions]>([
    ['algorithm', { type: argon2i }],
    ['version', { version: 16 }],
    ['memory', { memoryCost: 128 }],
    ['passes', { timeCost: 2 }],
    ['lanes', { parallelism: 2 }],
    ['salt length', { salt: Buffer.alloc(8, 1) }],
    ['tag length', { hashLength: 16 }],
  ])('sees another %s, and the hash still verifies', async (_what, difference) => {
    const hasher = create()
    const stored = await argon2.hash('green bicycle', { ...options, ...difference })
    expect(hasher.needsRehash(stored)).toBe(true)
    expect(await hasher.verify(stored, 'green bicycle')).toBe('match')
  })

  test('does not touch a hash of the argon2 package with the current parameters', async () => {
    expect(create().needsRehash(await argon2.hash('green bicycle', options))).toBe(false)
  })
})

describe('a pepper', () => {
  test('is named in the hash and needed to verify it', async () => {
    const peppered = create({ peppers: [pepper('2026', 1)] })
    const stored = await peppered.hash('green bicycle')
    expect(stored).toContain('m=64,t=1,p=1,keyid=MjAyNg$')
    expect(await peppered.verify(stored, 'green bicycle')).toBe('match')
    expect(await create({ peppers: [pepper('2026', 2)] }).verify(stored, 'green bicycle')).toBe('mismatch')
    expect(await create({ peppers: [pepper('2027', 1)] }).verify(stored, 'green bicycle')).toBe('unknown-format')
    expect(await create().verify(stored, 'green bicycle')).toBe('unknown-format')
  })

  test('is replaced while hashes of the old one still verify', async () => {
    const stored = await create({ peppers: [pepper('old', 1)] }).hash('green bicycle')
    const rotating = create({ peppers: [pepper('new', 2), pepper('old', 1)] })
    expect(await rotating.verify(stored, 'green bicycle')).toBe('match')
    expect(rotating.needsRehash(stored)).toBe(true)
    const renewed = await rotating.hash('green bicycle')
    expect(renewed).toContain('keyid=bmV3$')
    expect(rotating.needsRehash(renewed)).toBe(false)
  })

  test('that came later takes over the hashes made without one', async () => {
    const stored = await create().hash('green bicycle')
    const peppered = create({ peppers: [pepper('2026', 1)] })
    expect(await peppered.verify(stored, 'green bicycle')).toBe('match')
    expect(peppered.needsRehash(stored)).toBe(true)
  })
})

describe('under load', () => {
  test('no more hashes are computed at a time than allowed, and all are in the end', async () => {
    const hasher = create({ concurrency: 1, queueLimit: 10 })
    const hashes = Array.from({ length: 5 }, () => hasher.hash('green bicycle'))
    expect(hasher.stats).toEqual({ active: 1, queued: 4 })
    expect(new Set(await Promise.all(hashes)).size).toBe(5)
    expect(hasher.stats).toEqual({ active: 0, queued: 0 })
  })

  test('a full queue answers 503 with Retry-After at once, and recovers', async () => {
    const hasher = create({ concurrency: 1, queueLimit: 2 })
    const stored = await hasher.hash('green bicycle')
    const accepted = [1, 2, 3].map(() => hasher.verify(stored, 'green bicycle'))
    for (const overflow of [
      hasher.verify(stored, 'green bicycle'),
      hasher.verify('x', 'green bicycle'),
      hasher.verifyDummy('green bicycle'),
      hasher.hash('green bicycle'),
    ]) {
      const problem = await overflow.catch((error: unknown) => error)
      expect(problem).toBeInstanceOf(Problem)
      expect(problem).toMatchObject({ type: 'unavailable', status: 503 })
      expect((problem as Problem).headers['Retry-After']).toMatch(/^[1-9]\d*$/)
    }
    expect(await Promise.all(accepted)).toEqual(['match', 'match', 'match'])
    expect(await hasher.verify(stored, 'green bicycle')).toBe('match')
  })

  test('who could not wait for a hash is turned away before any work, until a place is free', async () => {
    const hasher = create({ concurrency: 1, queueLimit: 2 })
    const begun: number[] = []
    const gates = [1, 2, 3].map(() => Promise.withResolvers<string>())
    const admitted = gates.map(({ promise }, index) =>
      hasher.admit(() => {
        begun.push(index)
        return promise
      }),
    )
    const refused = hasher.admit(() => Promise.resolve(begun.push(3)))
    await expect(refused).rejects.toMatchObject({ type: 'unavailable', headers: { 'Retry-After': '2' } })
    expect(begun).toEqual([0, 1, 2])
    expect(() => hasher.demandRoom()).toThrow(/Too many passwords/)
    gates[0]?.resolve('done')
    expect(await admitted[0]).toBe('done')
    hasher.demandRoom()
    expect(await hasher.admit(() => Promise.resolve('next'))).toBe('next')
    for (const { resolve } of gates) resolve('done')
    expect(await Promise.all(admitted)).toEqual(['done', 'done', 'done'])
  })

  test('whatever is asked for, no more than there are cores, and two threads of the pool are left', async () => {
    const hasher = create({ concurrency: 1000 })
    const hashes = Array.from({ length: hashConcurrency() + 3 }, () => hasher.hash('green bicycle'))
    expect(hasher.stats).toEqual({ active: hashConcurrency(), queued: 3 })
    expect(await Promise.all(hashes)).toHaveLength(hashes.length)
  })

  test.each([
    ['1', 1],
    ['3', 1],
    ['1000', availableParallelism()],
  ])('a pool of %s threads', (threads, expected) => {
    const { env } = process
    process.env = { ...env, UV_THREADPOOL_SIZE: threads }
    const found = hashConcurrency()
    process.env = env
    expect(found).toBe(expected)
  })
})
