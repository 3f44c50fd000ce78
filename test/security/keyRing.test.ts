import { createPublicKey } from 'node:crypto'
import { rmSync } from 'node:fs'
import { v7 as uuidv7 } from 'uuid'
import { KeyFault } from '../../src/security/keyFault.ts'
import { openKeyRing, type KeyRing, type KeySettings } from '../../src/security/keyRing.ts'
import { acceptedUntil, publishSeconds, signingAt, stateAt } from '../../src/security/keyTimeline.ts'
import { createTokens } from '../../src/security/tokens.ts'
import { decode } from '../support/forge.ts'
import { createKeyFolder, newKey, privatePem, publicPem, type KeyFolder } from '../support/keyFiles.ts'

const secret = 'Tn4uYw8ZkQ1vXr6LpBs3HdGf9JmCa2Eo5Ki7RtVyNx0='
const none: KeySettings = {
  secret: undefined,
  previousSecrets: [],
  privateKeyFile: undefined,
  publicKeysDir: undefined,
  algorithm: undefined,
  lifetime: 900,
}
const actor = { id: uuidv7(), sessionId: uuidv7(), role: 'user' } as const

describe('the order of keys in time', () => {
  const keys = [{ notBefore: 0 }, { notBefore: 1_000_000 }, { notBefore: 9_000_000 }]
  const [first, second, third] = keys as [{ notBefore: number }, { notBefore: number }, { notBefore: number }]

  test.each([
    [0, 0],
    [999_999, 0],
    [1_000_000, 1],
    [8_999_999, 1],
    [9_000_000, 2],
    [99_000_000, 2],
  ])('at %d the key %d signs', (now, index) => {
    expect(signingAt(keys, now)).toBe(keys[index])
  })

  test('has a key that signs even before the first starts, and none without keys', () => {
    expect(signingAt([second, third], 0)).toBe(second)
    expect(signingAt([], 0)).toBeUndefined()
  })

  test('accepts a key until the last token it signed has expired by every clock', () => {
    const end = 1_000_000 + (900 + 2 * 60) * 1000
    expect([acceptedUntil(keys, first, 900), acceptedUntil(keys, third, 900)]).toEqual([end, Infinity])
    expect([0, 1_000_000, end - 1, end].map((now) => stateAt(keys, first, 900, now))).toEqual([
      'signing',
      'old',
      'old',
      'expired',
    ])
    expect(stateAt(keys, third, 900, end)).toBe('next')
  })

  test('lets a new key sign when all have read it, and all copies of the list without it are too old', () => {
    expect(publishSeconds).toBeGreaterThanOrEqual(300 + 60 + 60)
  })
})

describe('the key ring', () => {
  let folder: KeyFolder
  beforeEach(() => {
    folder = createKeyFolder()
  })
  afterEach(() => folder.remove())
  const sign = async (settings: Partial<KeySettings>) => {
    const keys = await openKeyRing({ ...none, ...settings })
    return createTokens({ keys, issuer: 'test', lifetime: 900 }).sign(actor)
  }
  const verify = async (token: string, settings: Partial<KeySettings>) => {
    const keys = await openKeyRing({ ...none, ...settings })
    return createTokens({ keys, issuer: 'test', lifetime: 900 }).verify(token)
  }
  const claims = { userId: actor.id, sessionId: actor.sessionId }

  test.each(['EdDSA', 'ES256', 'RS256'] as const)('signs and verifies with %s', async (algorithm) => {
    const privateKeyFile = folder.write('signing.pem', privatePem(newKey(algorithm)))
    const token = await sign({ privateKeyFile })
    expect(decode(token).header.alg).toBe(algorithm)
    expect(await verify(token, { privateKeyFile, algorithm })).toMatchObject(claims)
    await expect(verify(token, { secret })).rejects.toMatchObject({ type: 'invalid-token' })
  })

  test('goes from a secret to a key pair and back with tokens of both accepted', async () => {
    const key = newKey('EdDSA')
    folder.write('next.pem', publicPem(createPublicKey(key)))
    const privateKeyFile = folder.write('signing.key', privatePem(key))
    const [old, young] = [await sign({ secret }), await sign({ privateKeyFile })]
    expect(await verify(young, { secret, publicKeysDir: folder.path })).toMatchObject(claims)
    expect(await verify(old, { privateKeyFile, previousSecrets: [secret] })).toMatchObject(claims)
    await expect(sign({ previousSecrets: [secret] })).rejects.toThrow(TypeError)
  })

  test('publishes each key once, those that will sign among them, and forgets those that have expired', async () => {
    const keys = [newKey('EdDSA'), newKey('EdDSA'), newKey('ES256')]
    const starts = ['2020-01-01T00:00:00Z', '2021-01-01T00:00:00Z', '2999-01-01T00:00:00Z']
    const text = keys.map((key, index) => `Not-Before: ${starts[index]}\n${privatePem(key)}`).join('')
    const privateKeyFile = folder.write('signing', text)
    folder.write('copy.pem', publicPem(createPublicKey(keys[1]!)))
    const ring = await openKeyRing({ ...none, privateKeyFile, publicKeysDir: folder.path })
    const coordinates = keys.map((key) => (createPublicKey(key).export({ format: 'jwk' }) as { x: string }).x)
    expect(ring.published().map(({ x }) => x)).toEqual(coordinates.slice(1))
    expect(ring.find(ring.signingKey().kid)).toBeDefined()
    const expired = await openKeyRing({ ...none, privateKeyFile: folder.write('old', privatePem(keys[0]!)) })
    expect(ring.find(expired.signingKey().kid)).toBeUndefined()
    const gone = await sign({ privateKeyFile: folder.path + '/old' })
    await expect(verify(gone, { privateKeyFile })).rejects.toMatchObject({ type: 'invalid-token' })
  })

  test('JWT-10, FLT-45: reads anew; a key taken out is dead at once, a file taken out changes nothing', async () => {
    const [first, second] = [newKey('EdDSA'), newKey('EdDSA')]
    const privateKeyFile = folder.write('signing', privatePem(first))
    folder.write('old.pem', publicPem(createPublicKey(second)))
    const ring = await openKeyRing({ ...none, privateKeyFile, publicKeysDir: folder.path })
    const tokens = createTokens({ keys: ring, issuer: 'test', lifetime: 900 })
    const token = await tokens.sign(actor)
    const foreign = await sign({ privateKeyFile: folder.write('second', privatePem(second)) })
    expect([await ring.reread(), ring.isCurrent()]).toEqual([false, true])
    expect(await tokens.verify(foreign)).toMatchObject(claims)

    rmSync(privateKeyFile)
    await expect(ring.reread()).rejects.toThrow(new KeyFault('JWT_PRIVATE_KEY_FILE', 'cannot be read (ENOENT)'))
    expect(ring.isCurrent()).toBe(false)
    folder.write('signing', 'damaged')
    await expect(ring.reread()).rejects.toThrow(KeyFault)
    expect([await tokens.verify(token), await tokens.verify(foreign)]).toMatchObject([claims, claims])

    folder.write('signing', privatePem(newKey('ES256')))
    rmSync(`${folder.path}/old.pem`)
    expect([await ring.reread(), ring.isCurrent()]).toEqual([true, true])
    expect(decode(await tokens.sign(actor)).header.alg).toBe('ES256')
    await expect(tokens.verify(token)).rejects.toMatchObject({ type: 'invalid-token' })
    await expect(tokens.verify(foreign)).rejects.toMatchObject({ type: 'invalid-token' })
  })

  test('refuses another algorithm than the one that is configured', async () => {
    const privateKeyFile = folder.write('signing.pem', privatePem(newKey('RS256')))
    await expect(openKeyRing({ ...none, privateKeyFile, algorithm: 'EdDSA' })).rejects.toThrow(/^JWT_ALGORITHM /)
  })

  test('derives keys that differ by purpose, start with the signing key and go on with the others', async () => {
    const key = newKey('EdDSA')
    const before = await openKeyRing({ ...none, privateKeyFile: folder.write('one', privatePem(key)) })
    const both = `${privatePem(key)}Not-Before: 2020-01-01T00:00:00Z\n${privatePem(newKey('RS256'))}`
    const soon = both.replace('2020', '2999')
    const waiting = await openKeyRing({ ...none, privateKeyFile: folder.write('two', soon), previousSecrets: [secret] })
    const derived = (ring: KeyRing, purpose: string) =>
      ring.derive(purpose).map((each) => each.export().toString('hex'))
    expect(derived(waiting, 'lists')).toHaveLength(3)
    expect(derived(waiting, 'lists')[0]).toBe(derived(before, 'lists')[0])
    expect(derived(waiting, 'other')[0]).not.toBe(derived(before, 'lists')[0])
    const hs256 = await openKeyRing({ ...none, secret })
    expect(derived(waiting, 'lists')[2]).toBe(derived(hs256, 'lists')[0])
  })
})
