import { absentUser, marker, type Raw, type Row, type Stage } from './table.ts'

const host = 'Host: localhost\r\n'
const raw = (...lines: string[]): Raw => ({ bytes: lines.map((line) => `${line}\r\n`).join('') + '\r\n' })
/** One request on a connection of its own. */
const target = (method: string, path: string) =>
  raw(`${method} ${path} HTTP/1.1`, 'Host: localhost', 'Connection: close')
const authorization = ({ admin }: Stage) => `Authorization: Bearer ${admin.token}`

const notFound = { status: 404, type: 'not-found' } as const
const malformed = {
  status: 400,
  type: 'malformed-request',
  check: ({ headers }: { headers: Record<string, string> }) => expect(headers.connection).toBe('close'),
} as const

const shadows: [id: string, path: string][] = [
  ['ABU-53', absentUser.replace('/v1/users', '/V1/Users')],
  ['ABU-53', `${absentUser}/`],
  ['ABU-54', '//v1//users'],
  ['ABU-54', '/v1/./users'],
  ['ABU-54', '/v1/x/../users'],
  ['ABU-54', '/v1/users/%2e%2e/'],
  ['ABU-55', '/v1/users/..%2f..%2fetc'],
  ['ABU-55', '/v1/users/%252e%252e'],
  ['ABU-58', '/v1/users/a%0d%0aSet-Cookie:x'],
  ['ABU-113', '/metrics'],
  ['ABU-113', '/debug'],
  ['ABU-113', '/.git/HEAD'],
  ['ABU-113', '/.env'],
  ['ABU-113', '/v1/../metrics'],
]

const brokenHeaders: [exchange: string, line: string][] = [
  ['a bare line feed', 'X-A: b\nX-C: d'],
  ['a folded line', 'X-A: b\r\n  c'],
  ['a space before the colon', 'X-A : b'],
  ['the control 0x01', 'X-A: \x01'],
]

const hosts: [exchange: string, lines: string[]][] = [
  ['two Host fields', ['Host: localhost', 'Host: evil.example']],
  ['no Host', []],
  ['Host: a b/c?', ['Host: a b/c?']],
]

/** Bytes that a client library would not send. */
export const connections: Row[] = [
  {
    id: 'ABU-05',
    exchange: 'one byte too many, refused before any of it is read',
    ask: raw('POST /v1/auth/login HTTP/1.1', 'Host: a', 'Content-Type: application/json', 'Content-Length: 102401'),
    status: 413,
    type: 'payload-too-large',
  },
  {
    id: 'ABU-06',
    exchange: 'chunks without end',
    ask: () => {
      const head = `POST /v1/auth/login HTTP/1.1\r\n${host}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`
      return { bytes: head + `2000\r\n${' '.repeat(0x2000)}\r\n`.repeat(20) }
    },
    status: 413,
    type: 'payload-too-large',
  },
  {
    id: 'ABU-09',
    exchange: 'JSON without a type',
    ask: { bytes: `POST /v1/auth/login HTTP/1.1\r\n${host}Content-Length: 2\r\nConnection: close\r\n\r\n{}` },
    status: 415,
    type: 'unsupported-media-type',
  },
  {
    id: 'ABU-46',
    exchange: 'two Authorization fields',
    ask: (stage) => raw('GET /v1/users HTTP/1.1', 'Host: a', authorization(stage), `Authorization: Bearer ${marker}`),
    ...malformed,
  },
  {
    id: 'ABU-51',
    exchange: 'TRACE',
    ask: raw('TRACE /v1/users HTTP/1.1', 'Host: a', 'Connection: close', `X-Secret: ${marker}`),
    status: 405,
    type: 'method-not-allowed',
    check: ({ text }) => expect(text).not.toContain(marker),
  },
  ...shadows.map(([id, path]): Row => ({ id, exchange: path, ask: target('GET', path), ...notFound })),
  { id: 'ABU-57', exchange: 'the method FOO', ask: target('FOO', '/v1/users'), ...malformed },
  { id: 'ABU-57', exchange: 'the method get', ask: target('get', '/v1/users'), ...malformed },
  {
    id: 'ABU-57',
    exchange: 'the method PROPFIND',
    ask: target('PROPFIND', '/v1/users'),
    status: 405,
    type: 'method-not-allowed',
  },
  {
    id: 'ABU-58',
    exchange: 'a split in X-Request-Id',
    ask: raw('GET /nothing HTTP/1.1', 'Host: a', 'Connection: close', 'X-Request-Id: a%0d%0aSet-Cookie:x'),
    ...notFound,
    check: ({ headers }) => {
      expect(headers['set-cookie']).toBeUndefined()
      expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
    },
  },
  {
    id: 'ABU-59',
    exchange: 'Content-Length and Transfer-Encoding, a deletion behind them',
    ask: (stage) => {
      const hidden = `DELETE /v1/users/${stage.user.user.id} HTTP/1.1\r\n${host}${authorization(stage)}\r\n\r\n`
      const lines = ['POST /v1/auth/login HTTP/1.1', 'Host: a', 'Content-Length: 5', 'Transfer-Encoding: chunked']
      return { bytes: raw(...lines).bytes + `0\r\n\r\n${hidden}` }
    },
    ...malformed,
  },
  ...brokenHeaders.map(([exchange, line]): Row => ({
    id: 'ABU-61',
    exchange,
    ask: raw('GET /v1/users HTTP/1.1', 'Host: a', line),
    ...malformed,
  })),
  ...hosts.map(([exchange, lines]): Row => ({
    id: 'ABU-62',
    exchange,
    ask: raw('GET /health HTTP/1.1', ...lines),
    ...malformed,
  })),
  {
    id: 'ABU-62',
    exchange: 'an unknown host: a name is a name, and no answer repeats it',
    ask: raw('GET /health HTTP/1.1', 'Host: evil.example', 'Connection: close'),
    status: 200,
    check: ({ headers, text }) => expect(JSON.stringify(headers) + text).not.toContain('evil'),
  },
  {
    id: 'ABU-63',
    exchange: 'a header of 20 KB',
    ask: raw('GET /health HTTP/1.1', 'Host: a', `X-A: ${'a'.repeat(20_000)}`),
    status: 431,
    type: 'headers-too-large',
  },
  {
    id: 'ABU-63',
    exchange: '200 headers',
    ask: raw('GET /health HTTP/1.1', 'Host: a', ...Array.from({ length: 200 }, (_, index) => `X-${index}: a`)),
    status: 431,
    type: 'headers-too-large',
  },
  {
    id: 'ABU-65',
    exchange: 'Expect: 200-maybe',
    ask: raw('GET /health HTTP/1.1', 'Host: a', 'Expect: 200-maybe'),
    status: 417,
    type: 'expectation-failed',
  },
]
