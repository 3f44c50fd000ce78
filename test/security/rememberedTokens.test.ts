import { mock } from 'node:test'
import { openKeyRing } from '../../src/security/keyRing.ts'
import { createTokens } from '../../src/security/tokens.ts'

const actor = {
  id: '00000000-0000-7000-8000-000000000001',
  role: 'user' as const,
  sessionId: '00000000-0000-7000-8000-000000000002',
}
const lifetime = 900
const tolerance = 60
const refusal: unknown = expect.objectContaining({ type: 'invalid-token' })
async function tokensWith(secret: string) {
  const files = { privateKeyFile: undefined, publicKeysDir: undefined, algorithm: undefined }
  const keys = await openKeyRing({ ...files, secret: secret.repeat(16), previousSecrets: [], lifetime })
  return createTokens({ keys, issuer: 'test', lifetime })
}

beforeEach(() => {
  mock.timers.enable({ apis: ['Date'], now: 1_800_000_000_000 })
})
afterEach(() => {
  mock.timers.reset()
})

test('a token seen before is accepted until it expires, and no longer', async () => {
  const tokens = await tokensWith('one')
  const token = await tokens.sign(actor)
  const claims = { userId: actor.id, sessionId: actor.sessionId }
  await expect(tokens.verify(token)).resolves.toMatchObject(claims)

  mock.timers.tick((lifetime + tolerance) * 1000 - 1)
  await expect(tokens.verify(token)).resolves.toMatchObject(claims)
  mock.timers.tick(1)
  await expect(tokens.verify(token)).rejects.toEqual(refusal)
})

test('having accepted an expired token for a logout does not revive it', async () => {
  const tokens = await tokensWith('two')
  const token = await tokens.sign(actor)
  mock.timers.tick((lifetime + tolerance) * 1000)
  await expect(tokens.verify(token, { acceptExpired: true })).resolves.toMatchObject({ userId: actor.id })
  await expect(tokens.verify(token)).rejects.toEqual(refusal)
})

test('a token whose issue lies in the future is not remembered by a logout', async () => {
  const tokens = await tokensWith('two')
  mock.timers.tick(600_000)
  const token = await tokens.sign(actor)
  mock.timers.setTime(1_800_000_000_000)
  await tokens.verify(token, { acceptExpired: true })
  await expect(tokens.verify(token)).rejects.toEqual(refusal)
})

test('a token that differs in one character from one seen before is refused', async () => {
  const tokens = await tokensWith('one')
  const token = await tokens.sign(actor)
  await tokens.verify(token)
  const [header = '', payload = '', signature = ''] = token.split('.')
  const other = signature.startsWith('A') ? 'B' : 'A'
  await expect(tokens.verify(`${header}.${payload}.${other}${signature.slice(1)}`)).rejects.toEqual(refusal)
})

test('what one service remembers is nothing to another with another secret', async () => {
  const token = await (await tokensWith('one')).sign(actor)
  await expect((await tokensWith('two')).verify(token)).rejects.toEqual(refusal)
})
