import { connect } from 'node:net'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { ConfigError } from '../../src/config.ts'
import { describeError } from '../../src/platform/describeError.ts'
import { Problem } from '../../src/problem.ts'
import { KeyFault } from '../../src/security/keyFault.ts'
import { StartupError } from '../../src/startupError.ts'
import { query } from '../support/database.ts'

const marker = 'MARKERofAValue'

/** What is thrown by some work. */
async function thrownBy(work: () => unknown): Promise<unknown> {
  try {
    await work()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}

const failing = (text: string) => () => query(process.env.TEST_SERVER_URL ?? '', text, [marker])

describe('what the log says of an error', () => {
  test.each([
    new Problem('internal', { detail: 'Nothing goes.' }),
    new StartupError('The folder is another service’s.'),
    new ConfigError([{ name: 'PORT', message: 'is taken' }]),
    new KeyFault('JWT_PUBLIC_KEYS_DIR', 'has no key'),
  ])('is its whole message where it is ours: $name', (error) => {
    expect(describeError(error)).toMatchObject({ type: error.name, message: error.message })
  })

  test('of ours around a foreign one: the message of the one, the code of the other', () => {
    const cause = Object.assign(new Error(marker), { code: 'EACCES', syscall: 'open', path: `/${marker}` })
    const described = describeError(new KeyFault('JWT_PRIVATE_KEY_FILE', 'cannot be read (EACCES)', { cause }))
    expect(described).toMatchObject({ message: 'JWT_PRIVATE_KEY_FILE cannot be read (EACCES)' })
    expect(described.cause).toMatchObject({ type: 'Error', code: 'EACCES', about: { syscall: 'open' } })
    expect(JSON.stringify(described)).not.toContain(marker)
  })

  test.each([
    ['a file', () => readFile(`/nowhere/${marker}`), { code: 'ENOENT', about: { syscall: 'open' } }],
    ['a socket', () => once(connect({ path: `/nowhere/${marker}` }), 'connect'), { about: { syscall: 'connect' } }],
    ['PostgreSQL, of a value', failing('SELECT $1::uuid'), { code: '22P02', about: { routine: 'string_to_uuid' } }],
    ['PostgreSQL, of a document', failing('SELECT $1::json'), { code: '22P02' }],
    ['a parser', () => JSON.parse(marker) as unknown, { type: 'SyntaxError' }],
    ['a URL', () => new URL(marker), { code: 'ERR_INVALID_URL' }],
    ['a mistake of ours', () => (undefined as unknown as Record<string, string>)[marker], { type: 'TypeError' }],
  ])('never has a value that %s quotes', async (_what, work, expected) => {
    const error = (await thrownBy(work)) as Error
    expect(`${error.message} ${JSON.stringify(error)}`).toContain(marker)
    const described = describeError(error)
    expect(JSON.stringify(described)).not.toContain(marker)
    expect(described).toMatchObject(expected)
    expect(described).not.toHaveProperty('message')
  })

  test('drops a name that is none, whoever made it up', () => {
    const error = Object.assign(new Error(marker), {
      severity: 'ERROR',
      code: '23514',
      table: `a ${marker}`,
      column: 7,
    })
    expect(describeError(error)).toMatchObject({ about: { column: 7 } })
    expect(JSON.stringify(describeError(error))).not.toContain(marker)
  })

  test('of what is no error at all says what it is', () => {
    expect(describeError(marker)).toEqual({ type: 'string', stack: [] })
  })
})
