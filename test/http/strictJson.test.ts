import { parseStrictJson } from '../../src/http/strictJson.ts'
import { Problem } from '../../src/problem.ts'

const parse = (text: string) => parseStrictJson(Buffer.from(text))

function refusal(input: string | Uint8Array): Problem {
  try {
    parseStrictJson(typeof input === 'string' ? Buffer.from(input) : input)
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
  throw new Error('the body was accepted')
}

describe('reads', () => {
  test.each(['true', '"text"', '-0', '1.0', '[]', ' null ', '{"toString":1,"valueOf":{"hasOwnProperty":2}}', '{"":0}'])(
    'reads %s',
    (text) => expect(parse(text)).toStrictEqual(JSON.parse(text)),
  )

  test('20 levels are read', () => {
    const text = '[{"a":'.repeat(10) + '1' + '}]'.repeat(10)
    expect(parse(text)).toStrictEqual(JSON.parse(text))
  })

  test('what it makes is plain', () => {
    expect(Object.getPrototypeOf(parse('{"a":1}'))).toBe(Object.prototype)
  })

  test('a view into a larger buffer is read within its bounds', () => {
    expect(parseStrictJson(Buffer.from('xx{"a":1}yy').subarray(2, 9))).toStrictEqual({ a: 1 })
  })
})

describe('INP-01! INP-05! refuses', () => {
  test.each([
    ['nothing', ''],
    ['white space only', ' \n'],
    ['a byte order mark', '\ufeff{}'],
    ['a trailing comma in an object', '{"a":1,}'],
    ['a trailing comma in an array', '[1,]'],
    ['a second value', '{} {}'],
    ['a lone comma', '[,]'],
    ['a missing colon', '{"a" 1}'],
    ['a missing value', '{"a":}'],
    ['an unquoted name', '{a:1}'],
    ['single quotes', "{'a':1}"],
    ['a comment', '{}//'],
    ['an open object', '{"a":1'],
    ['an open array', '[1'],
    ['an open string', '"abc'],
    ['a string that ends in a backslash', '"abc\\'],
    ['a bracket of the other kind', '[1}'],
    ['a raw line break in a string', '"a\nb"'],
    ['a raw NUL in a string', '"a\0b"'],
    ['an unknown escape', '"\\x41"'],
    ['a short unicode escape', '"\\u12"'],
    ['a unicode escape with a sign', '"\\u+123"'],
    ['a lone high surrogate', '"\\ud800"'],
    ['a lone low surrogate', '"\\udc00"'],
    ['two high surrogates', '"\\ud800\\ud801"'],
    ['a high surrogate before text', '"\\ud83dabcdef"'],
    ['a lone surrogate in a name', '{"\\ud800":1}'],
    ['a leading zero', '01'],
    ['a leading plus', '+1'],
    ['a bare point', '1.'],
    ['a leading point', '.5'],
    ['an empty exponent', '1e'],
    ['a bare minus', '-'],
    ['a hexadecimal number', '0x10'],
    ['NaN', 'NaN'],
    ['Infinity', '-Infinity'],
    ['a number beyond a double', '1e400'],
    ['a negative one', '[-1e400]'],
    ['2^53', '9007199254740992'],
    ['2^53+1', '{"a":9007199254740993}'],
    ['-(2^53+1)', '-9007199254740993'],
    ['a capital literal', 'True'],
    ['a longer literal', 'nullx'],
    ['a no-break space', '\u00a0{}'],
    ['21 levels', '['.repeat(21) + ']'.repeat(21)],
    ['80 KB of brackets', '['.repeat(80_000)],
    ['a name twice', '{"role":"user","role":"admin"}'],
    ['a name twice in another spelling', '{"role":1,"\\u0072ole":2}'],
    ['an inherited name twice', '{"toString":1,"toString":2}'],
  ])('%s', (_, text) => {
    expect(refusal(text)).toMatchObject({ type: 'malformed-json', status: 400 })
  })

  test.each([
    ['a stray byte', [0x22, 0xff, 0xfe, 0x22]],
    ['an encoded surrogate', [0x22, 0xed, 0xa0, 0x80, 0x22]],
    ['an overlong slash', [0x22, 0xc0, 0xaf, 0x22]],
    ['a character cut off', [0x22, 0xe2, 0x82, 0x22]],
    ['UTF-16', [...Buffer.from('{}', 'utf16le')]],
  ])('%s', (_, bytes) => {
    expect(refusal(Uint8Array.from(bytes)).type).toBe('malformed-json')
  })

  test('names the place and never the text', () => {
    const problem = refusal('{\n  "email": "a@example.com",\n  "😀": "hunter2", oops }')
    expect(problem.detail).toBe('Line 3, column 19: a name in double quotes is expected.')
  })

  test('says where a name comes twice', () => {
    const problem = refusal('{"a":[{},{"b/c~d":1,"b/c~d":2}]}')
    expect(problem.detail).toMatch(/^Line 1, column 21: /)
    expect(problem.errors).toEqual([
      { in: 'body', pointer: '/a/1/b~1c~0d', code: 'duplicate-name', detail: expect.any(String) as string },
    ])
  })
})

describe('INP-03! names that reach a prototype', () => {
  test('are all reported, whatever their depth and spelling', () => {
    const problem = refusal(
      '{"a/b":[0,{"__proto__":{"role":"admin"}}],"constructor":{"prototype":1},"\\u005f_proto__":2}',
    )
    expect(problem).toMatchObject({ type: 'validation-failed', status: 400 })
    expect(problem.errors?.map(({ pointer, code }) => [pointer, code])).toEqual([
      ['/a~1b/1/__proto__', 'forbidden-name'],
      ['/constructor/prototype', 'forbidden-name'],
      ['/constructor', 'forbidden-name'],
      ['/__proto__', 'forbidden-name'],
    ])
    expect(({} as { role?: string }).role).toBeUndefined()
  })

  test('do not hide bad syntax behind them', () => {
    expect(refusal('{"__proto__":1').type).toBe('malformed-json')
  })

  test('cannot swell the answer', () => {
    const many = `[${Array.from({ length: 1000 }, () => '{"__proto__":1}').join(',')}]`
    expect(refusal(many).errors).toHaveLength(50)
    expect(refusal(`{"${'x'.repeat(50_000)}":{"__proto__":1}}`).errors).toEqual([
      { in: 'body', code: 'forbidden-name', detail: expect.any(String) as string },
    ])
  })
})
