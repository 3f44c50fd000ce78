import document from '../../generated/openapi.json' with { type: 'json' }

interface Schema {
  enum?: unknown[]
  oneOf?: object[]
  anyOf?: object[]
  pattern?: unknown
  'x-enum-varnames'?: string[]
}

const named = Object.entries(document.components.schemas as Record<string, Schema>)

/** Every object anywhere in the contract, with where it is. */
function nodesOf(node: unknown, place = ''): [string, Schema][] {
  if (typeof node !== 'object' || node === null) return []
  const inner = Object.entries(node).flatMap(([key, value]) => nodesOf(value, `${place}/${key}`))
  return [[place, node], ...inner]
}

const constantsOf = (schema: Schema) =>
  schema['x-enum-varnames'] ?? (schema.enum ?? []).map((value) => String(value).toUpperCase())

describe('what generators of clients make of the contract', () => {
  test('is no type of an alternative that has no properties of its own, in place of the type they belong to', () => {
    const isBare = (alternative: object) => Object.keys(alternative).join() === 'required'
    const split = named.filter(([, { oneOf = [], anyOf = [] }]) => [...oneOf, ...anyOf].some(isBare))
    expect(split.map(([name]) => name)).toEqual([])
  })

  test('is no constant twice: those of an enumeration are names of a whole package in Go', () => {
    const constants = named.flatMap(([, schema]) => constantsOf(schema))
    expect(constants.filter((name, index) => constants.indexOf(name) !== index)).toEqual([])
  })

  test('is a constant for each value, and an exported one', () => {
    for (const [name, schema] of named) {
      const constants = constantsOf(schema)
      expect([name, constants.length]).toEqual([name, (schema.enum ?? []).length])
      for (const constant of constants) expect([name, constant]).toEqual([name, expect.stringMatching(/^[A-Z]/)])
    }
  })

  test('is no enumeration with null in it, for which they have names such as RoleType1', () => {
    const mixed = nodesOf(document).filter(([, schema]) => Array.isArray(schema.enum) && schema.enum.includes(null))
    expect(mixed.map(([place]) => place)).toEqual([])
  })

  test('is no pattern with a property of Unicode, which Python does not know: those are `x-pattern`', () => {
    const isOfUnicode = ([, { pattern }]: [string, Schema]) => typeof pattern === 'string' && /\\p\{/i.test(pattern)
    const places = nodesOf(document).filter(isOfUnicode)
    expect(places.map(([place]) => place)).toEqual([])
  })
})
