import type { IncomingMessage } from 'node:http'
import { checkRequest } from '../../src/http/requestTarget.ts'

interface Given {
  target?: string
  version?: '1.0' | '1.1'
  headers?: [name: string, value: string][]
}

/** A request as `node:http` makes it: of a field sent twice it keeps the first in `headers` and both in `rawHeaders`. */
function check({ target = '/v1/users', version = '1.1', headers = [['Host', 'localhost:8000']] }: Given) {
  const kept: Record<string, string> = {}
  for (const [name, value] of headers) kept[name.toLowerCase()] ??= value
  return checkRequest({
    url: target,
    httpVersionMajor: 1,
    httpVersionMinor: version === '1.0' ? 0 : 1,
    headers: kept,
    rawHeaders: headers.flat(),
  } as unknown as IncomingMessage)
}

const HOST: [string, string] = ['Host', 'localhost']

describe('HTP-08! the path', () => {
  test.each([
    '/',
    '/health',
    '/docs/',
    '/v1/users',
    '/.well-known/jwks.json',
    '/v1/users/0199d8b2-5f1e-7c3a-9d6e-2b8f4a1c7e55',
    '/v1/users/%7Ba%7D',
    '/v1/users/Zo%C3%AB',
    '/v1/users?',
    '/v1/users?limit=1&q=a//b/../c%2Fd%25&sort=-created_at',
    '/v1/users/...',
  ])('%s is let through', (target) => expect(check({ target })).toBeUndefined())

  test.each([
    '',
    '*',
    '//v1/users',
    '/v1//users',
    '/v1/users/',
    '/docs//',
    '/v1/./users',
    '/v1/x/../users',
    '/v1/users/%2e%2e/',
    '/v1/users/%2E',
    '/v1/users/.%2e/me',
    '/v1/users/..%2f..%2fetc',
    '/v1/users/a%5Cb',
    '/v1/users/a\\b',
    '/v1/users/%252e',
    '/v1/users/a%00',
    '/v1/users/%0d%0aSet-Cookie:x',
    '/v1/users/%7f',
    '/v1/users/%C2%85',
    '/v1/users/%ff',
    '/v1/users/%zz',
    '/v1/users/%',
    '/v1/users/{a}',
    '/v1/users/a#b',
    '/v1/users#',
    '/v1/users/a b',
    '/v1/users/\u00e9',
    'http://localhost/v1/users',
    'localhost:443',
    'v1/users',
  ])('%s is not found', (target) => expect(check({ target })).toMatchObject({ type: 'not-found', status: 404 }))

  test('8 KiB are enough', () => {
    expect(check({ target: `/${'a'.repeat(8191)}` })).toBeUndefined()
    expect(check({ target: `/${'a'.repeat(8192)}` })).toMatchObject({ type: 'uri-too-long', status: 414 })
    expect(check({ target: `/?q=${'a'.repeat(8192)}` })).toMatchObject({ type: 'uri-too-long' })
  })
})

describe('the query', () => {
  test.each([
    ['q=a%00b', 'q', 'control-character'],
    ['limit=1&q=a%C2%80', 'q', 'control-character'],
    ['q=a=%1b', 'q', 'control-character'],
    ['q=%ff', 'q', 'invalid-encoding'],
    ['q=%E', 'q', 'invalid-encoding'],
    ['a%0ab=1', undefined, 'control-character'],
    ['%ed%a0%80=1', undefined, 'invalid-encoding'],
  ])('%s is refused', (query, name, code) => {
    const problem = check({ target: `/v1/users?${query}` })
    expect(problem).toMatchObject({ type: 'validation-failed', status: 400 })
    expect(problem?.errors).toEqual([
      { in: 'query', ...(name !== undefined && { name }), code, detail: expect.any(String) as string },
    ])
  })

  test('every parameter at fault is named', () => {
    expect(check({ target: '/?a=%00&b=1&c=%ff' })?.errors?.map(({ name }) => name)).toEqual(['a', 'c'])
  })

  test('100 parameters are enough', () => {
    expect(check({ target: `/?${'a=1&'.repeat(99)}a=1` })).toBeUndefined()
    expect(check({ target: `/?${'a=1&'.repeat(100)}a=1` })).toMatchObject({ type: 'validation-failed', status: 400 })
  })
})

describe('Host', () => {
  test.each(['localhost', 'api.example.com:443', 'user_api:8000', '127.0.0.1:8000', '[::1]:8000', '[::ffff:1.2.3.4]'])(
    '%s is let through',
    (host) => expect(check({ headers: [['host', host]] })).toBeUndefined(),
  )

  test.each([
    '',
    'a b/c?',
    'a/b',
    'user@host',
    'a:b',
    'a:',
    'a:123456',
    '[::1',
    'a,b',
    'a?',
    'h\u00f6st',
    `${'a'.repeat(256)}`,
  ])('"%s" is malformed', (host) =>
    expect(check({ headers: [['Host', host]] })).toMatchObject({ type: 'malformed-request', status: 400 }),
  )

  test('is asked of HTTP/1.1 only', () => {
    expect(check({ headers: [] })).toMatchObject({ type: 'malformed-request' })
    expect(check({ headers: [], version: '1.0' })).toBeUndefined()
  })
})

describe('header fields', () => {
  test.each(['Host', 'Authorization', 'Content-Type'])('%s is refused twice, even if both say the same', (name) => {
    const field: [string, string] = [name, 'localhost']
    const problem = check({ headers: [HOST, field, [name.toUpperCase(), 'localhost']] })
    expect(problem).toMatchObject({ type: 'malformed-request', status: 400, headers: { Connection: 'close' } })
  })

  test('others may come twice', () => {
    expect(check({ headers: [HOST, ['Accept', 'a/b'], ['Accept', 'c/d']] })).toBeUndefined()
  })

  test('100 are enough', () => {
    const fields = Array.from({ length: 99 }, (_, index): [string, string] => [`X-${index}`, 'x'])
    expect(check({ headers: [HOST, ...fields] })).toBeUndefined()
    expect(check({ headers: [HOST, ...fields, ['X', 'x']] })).toMatchObject({ type: 'headers-too-large', status: 431 })
  })
})

describe('framing', () => {
  test.each([['chunked'], ['Chunked']])('Transfer-Encoding: %s is let through', (coding) => {
    expect(check({ headers: [HOST, ['Transfer-Encoding', coding]] })).toBeUndefined()
  })

  test.each(['gzip, chunked', 'xchunked', 'chunked, chunked', 'identity', ''])(
    'Transfer-Encoding: %s is malformed',
    (coding) => {
      expect(check({ headers: [HOST, ['Transfer-Encoding', coding]] })).toMatchObject({ type: 'malformed-request' })
    },
  )

  test('with a Content-Length, or in HTTP/1.0, chunked is malformed too', () => {
    const chunked: [string, string] = ['Transfer-Encoding', 'chunked']
    expect(check({ headers: [HOST, chunked, ['Content-Length', '3']] })).toMatchObject({ type: 'malformed-request' })
    expect(check({ headers: [HOST, chunked], version: '1.0' })).toMatchObject({ type: 'malformed-request' })
  })
})
