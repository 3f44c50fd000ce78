import { startApi, type Api } from '../../support/api.ts'
import { addCrowd } from '../../support/crowd.ts'
import { signInAs } from '../../support/people.ts'
import { namesOf, userLists, type UserLists } from '../../support/userLists.ts'

describe('search in listUsers', () => {
  let api: Api
  let lists: UserLists
  let token: string
  beforeAll(async () => {
    api = await startApi()
    token = (await signInAs(api, 'admin')).token
    lists = userLists(api, token)
    await addCrowd(api, 400)
  }, 60_000)
  afterAll(() => api.close())

  const find = async (q: string) => namesOf(await lists.pageOf({ q, limit: 100 }))
  async function create(username: string, names: { first_name?: string; last_name?: string } = {}): Promise<string> {
    const body = { username, email: `${username}@example.net`, password: 'seven quiet bicycles', ...names }
    const answer = await api.send('POST', '/v1/users', { token, body })
    if (answer.status !== 201) throw new Error(answer.text)
    return (answer.body as { id: string }).id
  }

  test('finds any part of username, address, first and last name', async () => {
    await create('needle.one', { first_name: 'Quentin', last_name: 'Blake' })
    for (const q of ['needle.one', 'edle.o', 'one@exa', 'e@example.net', 'uent', 'Quentin', 'lak', 'ake', 'n']) {
      expect([q, (await find(q)).includes('needle.one')]).toEqual([q, true])
    }
    for (const q of ['needle.onex', 'tinBla', 'tin Bla', 'netQuentin', 'one needle', 'blakes'])
      expect(await find(q)).toEqual([])
  })

  test.each([
    ['Łódź-Weiß', ['łódź', 'LODZ', 'weiss', 'WEISS', 'Weiß', 'z-w']],
    ['Søren Ångström', ['soren', 'SØREN', 'n a', 'angstrom', 'ÅNGSTRÖM']],
    ['İpek Yılmaz', ['ipek', 'IPEK', 'İPEK', 'yilmaz', 'YILMAZ', 'ılm']],
    ['Nguyễn Thị Đào', ['nguyen', 'thi dao', 'ĐÀO', 'ễ']],
    ['Æsa Œuvré Þór', ['aesa', 'oeuvre', 'thor', 'Þ']],
    ['Иванов', ['иван', 'ИВАНОВ', 'ва', 'в']],
    ['Σίσυφος', ['σισυφοσ', 'ΣΊΣΥΦΟΣ', 'ς', 'ύφ']],
    ['王小明', ['王', '小明', '王小明']],
    ['が行く', ['が', '行く']],
    ['김서연', ['김', '서연']],
    ['ﬁne Ａb x̂', ['fine', 'ab', 'x']],
    ['😀 smile', ['😀', '😀 s']],
  ])('finds %s whatever the case and accents', async (last_name, terms) => {
    const name = `fold.${[...last_name]
      .map((each) => each.codePointAt(0)!.toString(36))
      .join('')
      .slice(0, 20)}`
    await create(name, { last_name })
    for (const q of terms) expect([q, (await find(q)).includes(name)]).toEqual([q, true])
  })

  test('a lone accent is in no name', async () => {
    for (const q of ['\u0301', '\u0301\u0302\u0303']) expect(await find(q)).toEqual([])
  })

  test('INP-16 wildcards and signs of regular expressions stand for themselves', async () => {
    const signs = [
      '%',
      '_',
      '\\',
      '*',
      '.',
      '^',
      '$',
      '[',
      '(',
      '|',
      '+',
      '?',
      '{',
      "'",
      '"',
      '--',
      '\\%',
      '%%',
      '_%',
      '.*',
      "a'%",
    ]
    for (const [index, sign] of signs.entries()) await create(`sign.${index}`, { last_name: `a${sign}b` })
    const texts = await api.database.query<{ username: string; search_text: string }>(
      'SELECT username, search_text FROM users WHERE deleted_at IS NULL',
    )
    for (const [index, sign] of signs.entries()) {
      const found = await lists.walk({ q: sign, limit: 100 })
      expect([sign, found.includes(`sign.${index}`)]).toEqual([sign, true])
      const holders = texts.filter(({ search_text }) => search_text.includes(sign)).map(({ username }) => username)
      expect([sign, found.toSorted()]).toEqual([sign, holders.toSorted()])
    }
  })

  test('finds exactly what has the term, whatever the term', async () => {
    const texts = await api.database.query<{ username: string; search_text: string }>(
      'SELECT username, search_text FROM users',
    )
    const terms = texts.flatMap(({ search_text: text }, index) => {
      const at = (index * 31) % text.length
      return [1, 2, 3, 5].map((length) => text.slice(at, at + length)).filter((term) => !term.includes('\n'))
    })
    const tried = [...new Set(terms)].filter((_, index) => index % 4 === 0).slice(0, 120)
    expect(tried.length).toBeGreaterThan(60)
    for (const q of tried) {
      const holders = texts.filter(({ search_text }) => search_text.includes(q)).map(({ username }) => username)
      const found = await lists.walk({ q, deleted: 'include', limit: 100 })
      expect([q, found.toSorted()]).toEqual([q, holders.toSorted()])
    }
  }, 60_000)

  test('finds by the new name at once, and no longer by the old one', async () => {
    const id = await create('before.change')
    expect(await find('before.change')).toEqual(['before.change'])
    await api.send('PATCH', `/v1/users/${id}`, { token, body: { username: 'after.change', first_name: 'Zsófia' } })
    expect(await find('before.change')).toEqual(['after.change'])
    expect(await find('zsofia')).toEqual(['after.change'])
    await api.send('PATCH', `/v1/users/${id}`, { token, body: { email: 'third@example.net' } })
    expect(await find('before.change')).toEqual([])
    await api.send('DELETE', `/v1/users/${id}`, { token })
    expect(await find('zsofia')).toEqual([])
    expect(namesOf(await lists.pageOf({ q: 'zsofia', deleted: 'only' }))).toEqual(['after.change'])
  })

  test('takes terms of 1 to 100 characters', async () => {
    expect((await lists.list({ q: 'é'.repeat(100) })).status).toBe(200)
    expect((await lists.list({ q: '' })).status).toBe(400)
    expect((await lists.list({ q: 'x'.repeat(101) })).status).toBe(400)
  })
})
