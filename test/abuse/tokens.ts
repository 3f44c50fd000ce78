import { createHmac, generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { password } from '../support/people.ts'
import { marker, type Row, type Stage } from './table.ts'

type Part = Record<string, unknown>
type Signer = (input: string, stage: Stage) => string

const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url')
const partsOf = (token: string) => token.split('.') as [string, string, string]
const decode = (text: string) => JSON.parse(Buffer.from(text, 'base64url').toString()) as Part
const secretOf = ({ api }: Stage) => api.context.config.tokens.secret ?? ''

const genuinely: Signer = (input, stage) => createHmac('sha256', secretOf(stage)).update(input).digest('base64url')
const withHs512: Signer = (input, stage) => createHmac('sha512', secretOf(stage)).update(input).digest('base64url')
const withNothing: Signer = () => ''

/** The administrator's token with another header and other claims, signed anew. */
export function forge(stage: Stage, header: Part, claims: Part = {}, signer: Signer = genuinely): string {
  const [own, payload] = partsOf(stage.admin.token)
  const input = `${encode({ ...decode(own), ...header })}.${encode({ ...decode(payload), ...claims })}`
  return `${input}.${signer(input, stage)}`
}

const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-384' })
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const byKey =
  (algorithm: string, key: typeof rsa.privateKey): Signer =>
  (input) =>
    sign(algorithm, Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')

/** An address nobody may be led to: the test fails if somebody comes. */
async function trap() {
  const visits: string[] = []
  const server = createServer((request, response) => response.end(visits.push(request.url ?? ''))).listen(0)
  await once(server, 'listening')
  server.unref()
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`, visits }
}
const trapped = trap()

const day = 86_400
const now = () => Math.floor(Date.now() / 1000)
const noExpiry = { exp: undefined }

const refused: [id: string, exchange: string, tokenOf: (stage: Stage) => string | Promise<string>][] = [
  ['ABU-30', 'alg none, empty signature', (stage) => forge(stage, { alg: 'none' }, {}, withNothing)],
  ...['None', 'nOnE', undefined, 256, ['HS256']].map(
    (alg) => ['ABU-31', `alg ${JSON.stringify(alg)}`, (stage: Stage) => forge(stage, { alg })] as (typeof refused)[0],
  ),
  ['ABU-31', 'alg None, empty signature', (stage) => forge(stage, { alg: 'None' }, {}, withNothing)],
  ['ABU-33', 'ES384', (stage) => forge(stage, { alg: 'ES384' }, {}, byKey('sha384', elliptic.privateKey))],
  ['ABU-33', 'RS256', (stage) => forge(stage, { alg: 'RS256' }, {}, byKey('sha256', rsa.privateKey))],
  ['ABU-33', 'HS512 with the genuine key', (stage) => forge(stage, { alg: 'HS512' }, {}, withHs512)],
  [
    'ABU-33',
    'HS256 with another key',
    (stage) =>
      forge(stage, {}, {}, (input) => createHmac('sha256', marker.repeat(2)).update(input).digest('base64url')),
  ],
  ['ABU-34', 'signature stripped', ({ admin }) => partsOf(admin.token).slice(0, 2).join('.') + '.'],
  ['ABU-34', 'signature truncated', ({ admin }) => admin.token.slice(0, -4)],
  ['ABU-34', 'two segments', ({ admin }) => partsOf(admin.token).slice(0, 2).join('.')],
  ['ABU-34', 'four segments', ({ admin }) => `${admin.token}.${partsOf(admin.token)[2]}`],
  [
    'ABU-34',
    'JSON serialisation',
    ({ admin }) => {
      const [protect, payload, signature] = partsOf(admin.token)
      return JSON.stringify({ payload, signatures: [{ protected: protect, signature }] })
    },
  ],
  [
    'ABU-35',
    'payload edited, old signature',
    ({ user }) => {
      const [header, payload, signature] = partsOf(user.token)
      return `${header}.${encode({ ...decode(payload), role: 'admin' })}.${signature}`
    },
  ],
  ['ABU-37', 'SQL as kid', (stage) => forge(stage, { kid: "x' UNION SELECT 'k'--" })],
  ['ABU-37', 'a kid of 10 KB', (stage) => forge(stage, { kid: 'k'.repeat(10_000) })],
  ['ABU-38', 'jku', async (stage) => forge(stage, { kid: 'theirs', jku: (await trapped).url })],
  ['ABU-38', 'x5u', async (stage) => forge(stage, { kid: 'theirs', x5u: (await trapped).url })],
  [
    'ABU-39',
    'embedded jwk',
    (stage) => {
      const jwk = rsa.publicKey.export({ format: 'jwk' })
      return forge(stage, { alg: 'RS256', jwk }, {}, byKey('sha256', rsa.privateKey))
    },
  ],
  ['ABU-39', 'embedded x5c', (stage) => forge(stage, { alg: 'RS256', x5c: [marker] }, {}, withHs512)],
  ['ABU-41', 'no exp', (stage) => forge(stage, {}, noExpiry)],
  ['ABU-41', 'exp as text', (stage) => forge(stage, {}, { exp: `${now() + 60}` })],
  ['ABU-41', 'exp ten years ahead', (stage) => forge(stage, {}, { exp: now() + 3650 * day })],
  ['ABU-41', 'exp ten years ahead, issued a day ago', (stage) => forge(stage, {}, { iat: now() - day, exp: 4e9 })],
  ['ABU-42', 'iat a day ahead', (stage) => forge(stage, {}, { iat: now() + day, exp: now() + day + 60 })],
  ['ABU-42', 'nbf a day ahead', (stage) => forge(stage, {}, { nbf: now() + day })],
  ['ABU-43', 'wrong aud', (stage) => forge(stage, {}, { aud: 'another-api' })],
  ['ABU-43', 'aud without us', (stage) => forge(stage, {}, { aud: ['another-api', 'third-api'] })],
  ['ABU-43', 'wrong iss', (stage) => forge(stage, {}, { iss: 'https://evil.example' })],
  ['ABU-43', 'wrong typ', (stage) => forge(stage, { typ: 'refresh+jwt' })],
  ['ABU-43', 'no typ', (stage) => forge(stage, { typ: undefined })],
]

/** Tokens of an administrator that must not be taken for one; with the genuine one the same request succeeds. */
export const tokens: Row[] = [
  ...refused.map(([id, exchange, tokenOf]): Row => ({
    id,
    exchange,
    ask: async (stage) => ({ method: 'GET', path: '/v1/users', token: await tokenOf(stage) }),
    status: 401,
    type: 'invalid-token',
    check: async ({ headers }) => {
      expect(headers['www-authenticate']).toContain('error="invalid_token"')
      expect((await trapped).visits).toEqual([])
    },
  })),
  {
    id: 'ABU-30',
    exchange: 'the forger itself: the genuine key and claims are accepted',
    ask: (stage) => ({ method: 'GET', path: '/v1/users', token: forge(stage, {}, { jti: randomUUID() }) }),
    status: 200,
  },
  {
    id: 'ABU-45',
    exchange: 'the token in the query',
    ask: ({ admin }) => ({ method: 'GET', path: '/v1/users', query: `access_token=${admin.token}` }),
    status: 401,
    type: 'unauthenticated',
  },
  ...[(token: string) => `${token}=`, otherTrailingBits].map((respell): Row => ({
    id: 'ABU-47',
    exchange: 'after logout, the token in another spelling',
    ask: async ({ api, user }) => {
      const body = { identifier: user.user.username, password }
      const { access_token: token } = (await api.send('POST', '/v1/auth/login', { body })).body as Record<
        string,
        string
      >
      await api.send('POST', '/v1/auth/logout', { token })
      return { method: 'GET', path: '/v1/auth/me', token: respell(token!) }
    },
    status: 401,
    type: 'invalid-token',
  })),
]

/** 32 bytes fill 43 characters of base64url and leave two bits over, which decoders ignore. */
function otherTrailingBits(token: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return token.slice(0, -1) + alphabet[alphabet.indexOf(token.slice(-1)) ^ 1]
}
