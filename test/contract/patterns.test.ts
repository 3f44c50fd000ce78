import document from '../../generated/openapi.json' with { type: 'json' }

const { Email, Moment, PersonName } = document.components.schemas

/** As Ajv reads them. */
const patternOf = ({ pattern }: { pattern: string }) => new RegExp(pattern, 'u')
const [email, moment, personName] = [
  patternOf(Email),
  patternOf(Moment),
  patternOf({ pattern: PersonName['x-pattern'] }),
]

const everyCharacter = Array.from({ length: 0x110000 }, (_, code) => code)
  .filter((code) => code < 0xd800 || code > 0xdfff)
  .map((code) => String.fromCodePoint(code))

describe('INP-10! a name', () => {
  test.each([
    ['Latin', 'Łukasz O’Brien-Smith'],
    ['Vietnamese, decomposed', 'Nguyễn Thị Ánh'.normalize('NFD')],
    ['Devanagari', 'प्रिया शर्मा'],
    ['Thai', 'ณัฐพล ก็'],
    ['Arabic with vowels', 'مُحَمَّد'],
    ['Mongolian', 'ᠮᠣᠩᠭᠣᠯ'],
    ['Hangul, decomposed', '김민준'.normalize('NFD')],
    ['Chinese beyond the first plane', '𠮷田'],
    ['one letter', 'A'],
    ['a symbol', '★'],
    ['an emoji', '😀'],
    ['a form of an ideograph', '葛\u{e0100}城'],
    ['an ideographic space within', '山田\u3000太郎'],
  ])('may be %s', (_what, name) => {
    expect(personName.test(name)).toBe(true)
  })

  test('has no character that Unicode lets nobody see, wherever it stands', () => {
    const invisible =
      /(?!\p{Variation_Selector})[\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\p{C}\p{Zl}\p{Zp}\u2800]/u
    const strange = everyCharacter.filter(
      (character) => personName.test(`a${character}a`) === invisible.test(character),
    )
    expect(strange).toEqual([])
  })

  test.each([
    ['a mark alone', '\u0301'],
    ['a variation selector alone', '\ufe0f'],
    ['a mark in front', '\u0301a'],
    ['a space in front', '\u00a0a'],
    ['a space at the end', 'a\u3000'],
    ['half a character', 'a\ud800'],
    ['nothing', ''],
  ])('may not be %s', (_what, name) => {
    expect(personName.test(name)).toBe(false)
  })
})

test('a part of the domain of an address has 63 characters at most', () => {
  const [longest, tooLong] = ['d'.repeat(63), 'd'.repeat(64)]
  const addresses = (part: string) => [`a@${part}.example.com`, `a@example.${part}.com`, `a@example.${part}`]
  expect(addresses(longest).filter((address) => !email.test(address))).toEqual([])
  expect(addresses(tooLong).filter((address) => email.test(address))).toEqual([])
})

test('a moment has an offset of 14 hours at most', () => {
  const at = (offset: string) => moment.test(`2025-10-12T13:41:12${offset}`)
  expect(['Z', '+00:00', '-09:30', '+13:59', '+14:00', '-14:00'].map(at)).toEqual(Array(6).fill(true))
  expect(['+14:01', '+14:59', '-14:30', '+15:00', '+24:00'].map(at)).toEqual(Array(5).fill(false))
})
