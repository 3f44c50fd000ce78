import document from '../../generated/openapi.json' with { type: 'json' }

const { PersonName } = document.components.schemas

/** As Ajv reads them. */
const personName = new RegExp(PersonName.pattern, 'u')

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
    ['an ideographic space within', '山田\u3000太郎'],
  ])('may be %s', (_what, name) => {
    expect(personName.test(name)).toBe(true)
  })

  test('has no character that Unicode lets nobody see, wherever it stands', () => {
    const invisible = /[\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\p{C}\p{Zl}\p{Zp}\u2800]/u
    const strange = everyCharacter.filter(
      (character) => personName.test(`a${character}a`) === invisible.test(character),
    )
    expect(strange).toEqual([])
  })

  test.each([
    ['a mark alone', '\u0301'],
    ['a mark in front', '\u0301a'],
    ['a space in front', '\u00a0a'],
    ['a space at the end', 'a\u3000'],
    ['half a character', 'a\ud800'],
    ['nothing', ''],
  ])('may not be %s', (_what, name) => {
    expect(personName.test(name)).toBe(false)
  })
})
