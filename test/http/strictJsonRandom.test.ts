import { Problem } from '../../src/problem.ts'
import { parseStrictJson } from '../../src/http/strictJson.ts'
import { seeded } from '../support/seeded.ts'

const parse = (text: string) => parseStrictJson(Buffer.from(text))

function typeOfRefusal(text: string): unknown {
  try {
    return parse(text)
  } catch (error) {
    return error instanceof Problem ? error.type : error
  }
}

const STRING_PARTS = [
  'a',
  'Zoë',
  '😀',
  '\\n',
  '\\"',
  '\\\\',
  '\\/',
  '\\u0041',
  '\\ud83d\\ude00',
  '\\u0000',
  '\u2028',
  ' ',
  '{',
  '\u007f',
]
const NUMBERS = [
  '0',
  '-0',
  '1',
  '-17',
  '9007199254740991',
  '1.0',
  '0.1',
  '-2.5e-3',
  '1E5',
  '12e+2',
  '1e-400',
  '3.14159265358979',
]
const SPACES = ['', '', ' ', '\n', '\r\n\t']

function randomDocument(random: (below: number) => number, depth = 0): string {
  const pick = (list: string[]) => list[random(list.length)]!
  const string = () => `"${Array.from({ length: random(5) }, () => pick(STRING_PARTS)).join('')}"`
  const spaced = (text: string) => pick(SPACES) + text + pick(SPACES)
  const several = (one: (index: number) => string) =>
    Array.from({ length: random(5) }, (_, index) => one(index)).join(',')
  switch (random(depth < 6 ? 6 : 4)) {
    case 0:
      return spaced(string())
    case 1:
      return spaced(pick(NUMBERS))
    case 2:
      return spaced(pick(['true', 'false', 'null']))
    case 3:
      return spaced(pick(['{}', '[]', '[ ]', '{\n}']))
    case 4:
      return spaced(`[${several(() => randomDocument(random, depth + 1))}]`)
    default:
      return spaced(
        `{${several((index) => `${spaced(`"${index}${string().slice(1)}`)}:${randomDocument(random, depth + 1)}`)}}`,
      )
  }
}

describe('beside JSON.parse', () => {
  test('reads 5000 random documents to the same values', () => {
    const random = seeded(1)
    for (let count = 0; count < 5000; count++) {
      const text = randomDocument(random)
      expect({ text, value: parse(text) }).toStrictEqual({ text, value: JSON.parse(text) as unknown })
    }
  })

  test('refuses whatever JSON.parse refuses among 20 000 damaged documents, and crashes over none', () => {
    const random = seeded(2)
    let refused = 0
    for (let count = 0; count < 20_000; count++) {
      const text = randomDocument(random)
      const at = random(text.length)
      const damaged =
        text.slice(0, at) + ['', '"', ',', '}', ']', '\\', '0', 'x', '\u0001', ':'][random(10)]! + text.slice(at + 1)
      let valid = true
      try {
        JSON.parse(damaged)
      } catch {
        valid = false
      }
      if (valid) continue
      refused++
      expect(typeOfRefusal(damaged)).toBe('malformed-json')
    }
    expect(refused).toBeGreaterThan(5000)
  })
})
