import { createHash, createPublicKey, type KeyObject } from 'node:crypto'
import { startApi, type Api } from '../../support/api.ts'
import { createKeyFolder, newKey, privatePem, publicPem, signedBy, type KeyFolder } from '../../support/keyFiles.ts'

const path = '/.well-known/jwks.json'
const [signing, next, old] = [newKey('EdDSA'), newKey('ES256'), newKey('RS256')]

/** RFC 7638, by hand: the required members in the order of their names. */
function thumbprint(key: KeyObject): string {
  const { crv, e, kty, n, x, y } = createPublicKey(key).export({ format: 'jwk' })
  return createHash('sha256').update(JSON.stringify({ crv, e, kty, n, x, y })).digest('base64url')
}

describe('getJwks', () => {
  let [api, folder]: [Api?, KeyFolder?] = []
  beforeAll(async () => {
    folder = createKeyFolder()
    const text = `${privatePem(signing)}Not-Before: 2999-01-01T00:00:00Z\n${privatePem(next)}`
    folder.write('old.pem', publicPem(createPublicKey(old)))
    const env = { ...signedBy(folder.write('signing', text)), JWT_PUBLIC_KEYS_DIR: folder.path }
    api = await startApi({ env })
  })
  afterAll(async () => {
    await api?.close()
    folder?.remove()
  })

  test('JWT-11: lists the keys that sign, will sign and have signed, by their thumbprints', async () => {
    const { status, body } = await api!.send('GET', path)
    expect(status).toBe(200)
    const common = { use: 'sig' }
    expect(body).toEqual({
      keys: [
        { ...createPublicKey(signing).export({ format: 'jwk' }), kid: thumbprint(signing), alg: 'EdDSA', ...common },
        { ...createPublicKey(next).export({ format: 'jwk' }), kid: thumbprint(next), alg: 'ES256', ...common },
        { ...createPublicKey(old).export({ format: 'jwk' }), kid: thumbprint(old), alg: 'RS256', ...common },
      ],
    })
  })

  test('JWT-11: has nothing private in it', async () => {
    const { body, text } = await api!.send('GET', path)
    const { keys } = body as { keys: object[] }
    const names = new Set(keys.flatMap(Object.keys))
    expect([...names].sort()).toEqual(['alg', 'crv', 'e', 'kid', 'kty', 'n', 'use', 'x', 'y'])
    for (const key of [signing, next, old])
      expect(text).not.toContain((key.export({ format: 'jwk' }) as { d: string }).d)
  })

  test('may be kept for five minutes and asked for again for nothing', async () => {
    const first = await api!.send('GET', path)
    expect(first.headers['cache-control']).toBe('public, max-age=300')
    expect(first.headers.etag).toMatch(/^"[\w-]{22}"$/)
    const etag = first.headers.etag ?? ''
    for (const condition of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await api!.send('GET', path, { headers: { 'if-none-match': condition } })
      expect([again.status, again.text, again.headers.etag]).toEqual([304, '', etag])
      expect(again.headers['cache-control']).toBe('public, max-age=300')
      expect(again.headers['content-type']).toBeUndefined()
    }
    const changed = await api!.send('GET', path, { headers: { 'if-none-match': '"other"' } })
    expect(changed.status).toBe(200)
  })

  test('answers HEAD alike, and no other method', async () => {
    const get = await api!.send('GET', path)
    const head = await api!.send('HEAD', path)
    expect([head.status, head.text, head.headers.etag]).toEqual([200, '', get.headers.etag])
    expect(head.headers['content-length']).toBe(get.headers['content-length'])
    const post = await api!.send('POST', path)
    expect([post.status, post.headers.allow]).toEqual([405, 'GET, HEAD, OPTIONS'])
  })

  test('refuses parameters it does not have and types it cannot answer', async () => {
    expect((await api!.send('GET', path, { query: { kid: 'x' } })).status).toBe(400)
    expect((await api!.send('GET', path, { headers: { accept: 'text/html' } })).status).toBe(406)
  })

  test('is empty where tokens are signed with a secret', async () => {
    const plain = await startApi()
    try {
      const { status, body, text } = await plain.send('GET', path)
      expect([status, body]).toEqual([200, { keys: [] }])
      expect(text).not.toContain('oct')
    } finally {
      await plain.close()
    }
  })
})
