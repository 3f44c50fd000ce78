import { startApi, type Api } from '../../support/api.ts'
import { importFile, ndjson, outcomes } from '../../support/imports.ts'
import { signInAs } from '../../support/people.ts'

describe('files that are not as they should be', () => {
  let api: Api
  let token: string
  beforeAll(async () => {
    api = await startApi()
    token = (await signInAs(api, 'admin')).token
  })
  afterAll(() => api.close())

  const csv = (raw: string | Buffer) => importFile(api, raw, { token, format: 'csv' })
  const lines = (raw: string | Buffer) => importFile(api, raw, { token })
  const row = (name: string) => ({ username: name, email: `${name}@example.com` })

  test('a header with other columns fails the whole file and names each of them, on line 1', async () => {
    const { file, results } = await csv('username,nickname,role,role\nann.one,Ann,user,user\n')
    expect(file).toMatchObject({ status: 'failed', counts: { created: 0, failed: 1 } })
    const errors = [
      { pointer: '/nickname', code: 'unknown-column' },
      { pointer: '/role', code: 'repeated-column' },
      { pointer: '/email', code: 'missing-column' },
    ]
    expect(results).toMatchObject([{ line: 1, status: 'failed', problem: { errors } }])
    expect(file.problem).toEqual(results[0]?.problem)
  })

  test.each([
    ['nothing at all', ''],
    ['an empty first line', '\nusername,email\n'],
    ['a broken quote in its header', '"username,email\n'],
  ])('a CSV file with %s fails as a whole', async (_, raw) => {
    const { file, results } = await csv(raw)
    expect(file.status).toBe('failed')
    expect(results).toMatchObject([{ line: 1, status: 'failed' }])
  })

  test('an empty NDJSON file has no rows', async () => {
    const { file } = await lines('')
    expect(file).toMatchObject({ status: 'completed', counts: { total: 0 } })
  })

  test('broken quotes, too few and too many values, NULs and bad UTF-8 cost their own line alone', async () => {
    const raw = [
      'username,email,first_name',
      'csv.one,csv.one@example.com,"Ann ""the"" One, really"',
      'csv.two,csv.two@example.com,"never closed',
      'csv.three,csv.three@example.com,"closed" too early',
      'csv.four,csv.four@example.com,a"b',
      'csv.five,csv.five@example.com',
      'csv.six,csv.six@example.com,Ann,more',
      'csv.seven,csv.seven@example.com,A\0n',
      Buffer.from([...Buffer.from('csv.eight,csv.eight@example.com,'), 0xff]),
      '',
      'csv.nine,csv.nine@example.com,',
    ]
    const bytes = raw.map((line) => Buffer.concat([Buffer.from(line as string), Buffer.from('\r\n')]))
    const { file, results } = await csv(Buffer.concat(bytes))
    expect(outcomes(results)).toEqual({
      2: 'created',
      3: 'quote',
      4: 'quote',
      5: 'quote',
      6: 'column-count',
      7: 'column-count',
      8: 'control-character',
      9: 'encoding',
      11: 'created',
    })
    expect(file).toMatchObject({ status: 'completed', counts: { created: 2, failed: 7 } })
    const query = 'SELECT first_name FROM users WHERE username = $1'
    expect(await api.database.query(query, ['csv.one'])).toEqual([{ first_name: 'Ann "the" One, really' }])
    expect(await api.database.query(query, ['csv.nine'])).toEqual([{ first_name: null }])
  })

  test('INP-10! a name that nobody can see costs its own line alone', async () => {
    const { results } = await lines(ndjson({ ...row('unseen.one'), first_name: '\u3164' }, row('unseen.two')))
    expect(outcomes(results)).toEqual({ 1: '/first_name pattern', 2: 'created' })
  })

  test('a name with a NUL in it costs its own line alone', async () => {
    const { file, results } = await lines(
      ndjson(
        row('nul.one'),
        { ...row('nul.two'), 'a\u0000b': 1 },
        { ...row('nul.three'), first_name: 'A\u0000n' },
        row('nul.four'),
      ),
    )
    expect(file.status).toBe('completed')
    expect(outcomes(results)).toEqual({ 1: 'created', 2: 'unknown-property', 3: '/first_name pattern', 4: 'created' })
  })

  test("a name that leads to an object's prototype below one with a NUL costs its own line alone", async () => {
    const nested = '{"username":"nul.five","a\\u0000b":{"__proto__":1}}'
    const { results } = await lines(ndjson(nested, row('nul.six')))
    expect(outcomes(results)).toEqual({ 1: 'forbidden-name', 2: 'created' })
  })

  test('a line of 10 MB is left out, named, and not kept in memory', async () => {
    const long = JSON.stringify({ ...row('long.one'), first_name: 'x'.repeat(10_000_000) })
    const { results } = await lines(ndjson(row('short.one'), long, row('short.two')))
    expect(outcomes(results)).toEqual({ 1: 'created', 2: 'line-too-long', 3: 'created' })
  })

  test('a byte order mark at the very start is no part of the file, later on it is', async () => {
    expect(outcomes((await csv(`\ufeffusername,email\nmark.one,mark.one@example.com\n`)).results)).toEqual({
      2: 'created',
    })
    const { results } = await lines(`\ufeff${ndjson(row('mark.two'))}\ufeff${ndjson(row('mark.three'))}`)
    expect(outcomes(results)).toEqual({ 1: 'created', 2: '/problems/malformed-json' })
  })

  test.each([
    ['little-endian with its mark', Buffer.from(`\ufeff${ndjson(row('wide.one'))}`, 'utf16le')],
    ['big-endian with its mark', Buffer.from(`\ufeff${ndjson(row('wide.one'))}`, 'utf16le').swap16()],
    ['without a mark', Buffer.from(ndjson(row('wide.one')), 'utf16le')],
  ])('UTF-16, %s, is refused as a whole and said to be that', async (_, raw) => {
    const { file, results } = await lines(raw)
    expect(file).toMatchObject({ status: 'failed', problem: { errors: [{ code: 'encoding' }] } })
    expect(file.problem?.detail).toMatch(/UTF-16.*save it as UTF-8/)
    expect(results).toMatchObject([{ line: 1, status: 'failed' }])
  })

  test('an export comes back as it was, formulas and read-only columns included', async () => {
    const { results } = await lines(ndjson({ ...row('-formula.one'), first_name: '=1+1', last_name: '\'-x, "y"' }))
    const id = results[0]!.user_id!
    const exported = await api.send('GET', '/v1/user-exports', { token, headers: { accept: 'text/csv' } })
    await api.database.query(`UPDATE users SET first_name = 'x', last_name = 'x' WHERE id = $1`, [id])
    const { file } = await importFile(api, exported.text, { token, format: 'csv', query: { on_conflict: 'update' } })
    expect(file.counts).toMatchObject({ failed: 0, created: 0, skipped: 0 })
    expect(await api.database.query('SELECT username, first_name, last_name FROM users WHERE id = $1', [id])).toEqual([
      { username: '-formula.one', first_name: '=1+1', last_name: '\'-x, "y"' },
    ])
  })
})
