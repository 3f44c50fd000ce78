import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { KeyFault } from '../../src/security/keyFault.ts'
import { formatKeyFile, parseKeyFile } from '../../src/security/keyFile.ts'
import { readKeyFolder } from '../../src/security/keyFolder.ts'
import { algorithmOf, importPrivateKey, importPublicKey, importSecret } from '../../src/security/keys.ts'
import { createKeyFolder, newKey, privatePem, publicPem, type KeyFolder } from '../support/keyFiles.ts'

const jwkOf = (key: KeyObject) => key.export({ format: 'jwk' }) as Record<string, string>
const ed25519 = privatePem(newKey('EdDSA'))
const traditional = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
  type: 'sec1',
  format: 'pem',
})
const withPassphrase = newKey('EdDSA').export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' })

describe('a kind of key', () => {
  test.each([
    ['EdDSA', generateKeyPairSync('ed25519').privateKey],
    ['ES256', generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey],
    ['RS256', generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey],
  ])('has one algorithm: %s', (algorithm, key) => {
    expect([algorithmOf(key), algorithmOf(createPublicKey(key))]).toEqual([algorithm, algorithm])
  })

  test.each([
    ['Ed448', generateKeyPairSync('ed448').privateKey],
    ['X25519', generateKeyPairSync('x25519').privateKey],
    ['P-384', generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey],
    ['secp256k1', generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey],
    ['RSA of 2047 bits', generateKeyPairSync('rsa', { modulusLength: 2047 }).privateKey],
    ['RSA-PSS', generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey],
  ])('is not taken: %s', (_name, key) => {
    expect(algorithmOf(key)).toBeUndefined()
    expect(() => parseKeyFile(privatePem(key))).toThrow(KeyFault)
  })
})

describe('a kid', () => {
  // JWT-11
  test.each(['EdDSA', 'ES256', 'RS256'] as const)('is the RFC 7638 thumbprint of a key for %s', async (algorithm) => {
    const key = newKey(algorithm)
    const { kid, jwk } = await importPrivateKey(key, algorithm)
    const { crv, e, kty, n, x, y } = jwkOf(createPublicKey(key))
    const canonical = JSON.stringify({ crv, e, kty, n, x, y }) // in the order of the names, absent ones left out
    expect(kid).toBe(createHash('sha256').update(canonical).digest('base64url'))
    expect(jwk).toEqual({ ...jwkOf(createPublicKey(key)), kid, use: 'sig', alg: algorithm })
    for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']) expect(jwk).not.toHaveProperty(secret)
  })

  test('is the one RFC 8037 appendix A.3 gives', async () => {
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }
    const { kid } = await importPublicKey(createPublicKey({ key: jwk, format: 'jwk' }), 'EdDSA')
    expect(kid).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k')
  })

  test('of a secret tells secrets apart', async () => {
    const [one, same, other] = await Promise.all(['a', 'a', 'b'].map((each) => importSecret(each.repeat(32))))
    expect([one?.kid === same?.kid, one?.kid === other?.kid, one?.algorithm]).toEqual([true, false, 'HS256'])
  })

  test('comes with keys that leave the process neither', async () => {
    const { signingKey, verifyingKey } = await importPrivateKey(newKey('EdDSA'), 'EdDSA')
    expect([signingKey.extractable, signingKey.usages, verifyingKey.usages]).toEqual([false, ['sign'], ['verify']])
  })
})

describe('the private key file', () => {
  test('is what openssl writes: PKCS #8 or traditional, LF or CRLF, with parameters before', () => {
    const parameters = '-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n'
    const texts = [ed25519, ed25519.replaceAll('\n', '\r\n'), parameters + traditional.toString()]
    expect(texts.map((text) => parseKeyFile(text).map(({ algorithm }) => algorithm))).toEqual([
      ['EdDSA'],
      ['EdDSA'],
      ['ES256'],
    ])
  })

  test('orders its keys by their start and survives being written', () => {
    const keys = [newKey('EdDSA'), newKey('ES256'), newKey('EdDSA')].map(privatePem)
    const text = `Not-Before: 2030-01-02T00:00:00Z\r\n${keys[0]}\nNot-Before: 2030-01-01T00:00:00.5Z\n${keys[1]}${keys[2]}`
    const parsed = parseKeyFile(text)
    expect(parsed.map(({ notBefore }) => notBefore)).toEqual([
      0,
      Date.UTC(2030, 0, 1, 0, 0, 0, 500),
      Date.UTC(2030, 0, 2),
    ])
    expect(parsed.map(({ key }) => privatePem(key))).toEqual([keys[2], keys[1], keys[0]])
    const again = parseKeyFile(formatKeyFile(parsed))
    expect(again.map(({ notBefore, key }) => [notBefore, privatePem(key)])).toEqual(
      parsed.map(({ notBefore, key }) => [notBefore, privatePem(key)]),
    )
  })

  const start = 'Not-Before: 2030-01-01T00:00:00Z\n'
  test.each([
    ['nothing', ''],
    ['no key', 'hello'],
    ['half a key', ed25519.slice(0, -20)],
    ['a whole key and half of one', `${start}${ed25519}${ed25519.slice(0, 60)}`],
    ['a half key before a whole one', `${ed25519.slice(0, 60)}\n${start}${ed25519}`],
    ['a damaged key', ed25519.replace('MC4C', 'MC4D')],
    ['a public key', publicPem(createPublicKey(createPrivateKey(ed25519)))],
    ['a key with a passphrase', withPassphrase.toString()],
    ['two keys without a start', ed25519 + privatePem(newKey('EdDSA'))],
    ['two keys with the same start', `${start}${ed25519}${start}${privatePem(newKey('EdDSA'))}`],
    ['a start that is no time', `Not-Before: tomorrow\n${ed25519}`],
    ['a start that there is not', `Not-Before: 2030-13-01T00:00:00Z\n${ed25519}`],
    ['a local time', `Not-Before: 2030-01-01T00:00:00\n${ed25519}`],
  ])('is refused with %s, without a word of its content', (_name, text) => {
    const read = () => parseKeyFile(text)
    expect(read).toThrow(KeyFault)
    expect(read).toThrow(/^JWT_PRIVATE_KEY_FILE has |^JWT_PRIVATE_KEY_FILE is /)
    expect(read).not.toThrow(/MC4|BEGIN|tomorrow/)
  })
})

describe('the folder of public keys', () => {
  let folder: KeyFolder
  beforeEach(() => {
    folder = createKeyFolder()
  })
  afterEach(() => folder.remove())

  test('has any number of keys in its .pem files and may have other files', async () => {
    expect(await readKeyFolder(folder.path)).toEqual([])
    const [one, two, three] = (['EdDSA', 'ES256', 'RS256'] as const).map((each) => createPublicKey(newKey(each)))
    folder.write('b.pem', publicPem(one!) + publicPem(two!))
    folder.write('a.pem', publicPem(three!))
    folder.write('README.md', 'not a key')
    folder.write('.hidden.pem', 'not a key')
    expect((await readKeyFolder(folder.path)).map(({ algorithm }) => algorithm)).toEqual(['RS256', 'EdDSA', 'ES256'])
  })

  test.each([
    ['a private key', ed25519],
    ['nothing', ''],
    ['half a key', publicPem(createPublicKey(createPrivateKey(ed25519))).slice(0, -20)],
    ['a damaged key', publicPem(createPublicKey(createPrivateKey(ed25519))).replace('MCow', 'MCox')],
    ['a key of another kind', publicPem(generateKeyPairSync('ed448').publicKey)],
  ])('is refused with %s, which it names', async (_name, text) => {
    folder.write('old.pem', text)
    await expect(readKeyFolder(folder.path)).rejects.toThrow(/^JWT_PUBLIC_KEYS_DIR has a .*old\.pem/)
    await expect(readKeyFolder(folder.path)).rejects.toThrow(KeyFault)
  })

  test('is refused where it is not there', async () => {
    await expect(readKeyFolder(`${folder.path}/none`)).rejects.toThrow('JWT_PUBLIC_KEYS_DIR cannot be read (ENOENT)')
  })
})
