import document from '../../generated/openapi.json' with { type: 'json' }

interface Schema {
  oneOf?: object[]
  anyOf?: object[]
}

const named = Object.entries(document.components.schemas as Record<string, Schema>)

describe('what generators of clients make of the contract', () => {
  test('is no type of an alternative that has no properties of its own, in place of the type they belong to', () => {
    const isBare = (alternative: object) => Object.keys(alternative).join() === 'required'
    const split = named.filter(([, { oneOf = [], anyOf = [] }]) => [...oneOf, ...anyOf].some(isBare))
    expect(split.map(([name]) => name)).toEqual([])
  })
})
