import document from '../../generated/openapi.json' with { type: 'json' }
import { contract, problemTypes } from '../../generated/contract.ts'
import { declaredResponses, faultsOf, operationIds, resolve } from '../support/contract.ts'
import { isGuarded, takesBody, takesFile } from './requests.ts'

interface Example {
  value: unknown
}

interface Media {
  schema: object
  examples?: Record<string, Example>
}

interface Parameter {
  name: string
  description?: string
  schema: object
  example?: unknown
}

interface Operation {
  summary?: string
  description?: string
  parameters?: object[]
  requestBody?: { required?: boolean; content: Record<string, Media> }
  'x-rate-limit'?: string
  'x-audit'?: string[]
}

const items = document.paths as unknown as Record<string, Record<string, Operation> & { parameters?: object[] }>

function parametersOf(id: (typeof operationIds)[number]): Parameter[] {
  const item = items[contract[id].path]!
  const found = [...(item.parameters ?? []), ...(item[contract[id].method]!.parameters ?? [])]
  return found.map((parameter) => resolve<Parameter>(parameter))
}

const takes = (id: (typeof operationIds)[number], field: string) =>
  (contract[id].requestHeaders as readonly string[]).includes(field)

// The names and statuses of section 1 of the API's design; clients rely on them.
const promisedProblems = {
  400: ['validation-failed', 'malformed-json', 'invalid-cursor'],
  401: ['unauthenticated', 'invalid-credentials', 'invalid-token', 'token-reused'],
  403: ['forbidden', 'account-disabled'],
  404: ['not-found'],
  405: ['method-not-allowed'],
  406: ['not-acceptable'],
  409: ['conflict', 'last-admin'],
  412: ['precondition-failed'],
  413: ['payload-too-large'],
  415: ['unsupported-media-type'],
  422: ['idempotency-key-reused', 'weak-password'],
  429: ['rate-limited'],
  500: ['internal'],
  503: ['unavailable'],
}

describe.each(operationIds)('%s', (id) => {
  const operation = items[contract[id].path]![contract[id].method]!
  const responses = Object.entries(declaredResponses(id))

  test('says what it is, how often it may be asked and what it writes down', () => {
    expect(operation.summary).toMatch(/^[A-Z].{3,60}[^.]$/)
    expect(operation.description).toMatch(/\S{3}.*\.\s*$/s)
    expect(['auth', 'refresh', 'read', 'write', 'export', 'none']).toContain(operation['x-rate-limit'])
    expect(operation['x-audit']).toEqual(expect.any(Array))
    if (contract[id].method !== 'get') expect(operation['x-audit']).not.toHaveLength(0)
  })

  test('INP-22! declares every answer that any request can lead to', () => {
    const { rateLimit, answersWhileStarting, path, permissions } = contract[id]
    // What only ever reaches the caller's own is not refused, it is not there.
    const isRestricted = permissions.some((each) => each.some((permission) => !permission.endsWith(':own')))
    const expected = [
      '400',
      '406',
      ...(isGuarded(id) ? ['401'] : []),
      ...(takesBody(id) ? ['413', '415'] : takesFile(id) ? ['415'] : []),
      ...(isRestricted ? ['403'] : []),
      ...(path.includes('{') ? ['404'] : []),
      ...(rateLimit === 'none' ? [] : ['429']),
      ...(answersWhileStarting ? [] : ['500', '503']),
      ...(takes(id, 'If-None-Match') ? ['304'] : []),
      ...(takes(id, 'If-Match') ? ['412'] : []),
      ...(takes(id, 'Idempotency-Key') ? ['409', '422'] : []),
    ]
    expect(Object.keys(declaredResponses(id))).toEqual(expect.arrayContaining(expected))
  })

  test('says how its answers can be asked for again', () => {
    const [, success = {}] = responses.find(([status]) => status.startsWith('2')) ?? []
    const declares = (name: string) => Object.hasOwn(success.headers ?? {}, name)
    expect(takes(id, 'If-None-Match')).toBe(contract[id].method === 'get' && declares('ETag'))
    expect(takes(id, 'Idempotency-Key')).toBe(declares('Idempotent-Replayed'))
  })

  test('has valid examples of all it takes', () => {
    for (const { name, description, schema, example } of parametersOf(id)) {
      expect([name, description]).toEqual([name, expect.any(String)])
      if (example !== undefined) expect([name, faultsOf(schema, example)]).toEqual([name, []])
    }
    expect(operation.requestBody?.required).toBe(takesBody(id) || takesFile(id) ? true : undefined)
    for (const { schema, examples } of Object.values(operation.requestBody?.content ?? {})) {
      expect(Object.keys(examples ?? {})).not.toHaveLength(0)
      for (const [name, { value }] of Object.entries(examples ?? {})) {
        expect([name, faultsOf(schema, value)]).toEqual([name, []])
      }
    }
  })

  test.each(responses)('has valid examples of its answer %s', (status, { content = {}, headers = {} }) => {
    const representations = status === '200' ? contract[id].answerMediaTypes.length : 1
    expect(Object.keys(content)).toHaveLength(['204', '304'].includes(status) ? 0 : representations)
    for (const { schema, examples = {} } of Object.values(content)) {
      expect(Object.keys(examples)).not.toHaveLength(0)
      for (const [name, { value }] of Object.entries(examples)) {
        expect([name, faultsOf(schema, value)]).toEqual([name, []])
        if ('application/problem+json' in content) expectConsistent(status, value)
      }
    }
    expect(headers).toHaveProperty('X-Request-Id')
    for (const [name, header] of Object.entries(headers)) {
      const { schema, example } = resolve<Parameter>(header)
      expect([name, faultsOf(schema, example)]).toEqual([name, []])
    }
  })
})

/** An example of a problem says what the catalogue says of its type. */
function expectConsistent(status: string, example: unknown): void {
  const { type, title } = example as { type: string; title: string }
  const declared = problemTypes[type.replace('/problems/', '') as keyof typeof problemTypes]
  expect(example).toMatchObject({ title: declared.title, status: declared.status })
  expect([String(declared.status), title]).toEqual([status, declared.title])
}

describe('the catalogue of problems', () => {
  test('has every name that was promised, with its status', () => {
    for (const [status, names] of Object.entries(promisedProblems)) {
      for (const name of names)
        expect([name, problemTypes]).toMatchObject([name, { [name]: { status: Number(status) } }])
    }
  })

  test('names the same types as the schema of a problem', () => {
    const { properties } = resolve<{ properties: { type: { enum: string[] } } }>({
      $ref: '#/components/schemas/Problem',
    })
    expect(properties.type.enum).toEqual(Object.keys(problemTypes).map((name) => `/problems/${name}`))
  })
})
