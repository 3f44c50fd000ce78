import type { OperationId } from '../generated/contract.ts'
import { addressOf, exampleBody } from './contract/requests.ts'
import { declaredResponses, operationIds } from './support/contract.ts'
import { startMilliseconds, startPrism, type Prism } from './support/prism.ts'

interface Expected {
  id: OperationId
  status: number
  /** Undefined where the status has no body. */
  example: string | undefined
  value: unknown
}

/** Every named example of every declared status, in the order of the document. */
const expected: Expected[] = operationIds.flatMap((id) =>
  Object.entries(declaredResponses(id)).flatMap(([status, { content = {} }]): Expected[] => {
    const [{ examples = {} } = {}] = Object.values(content)
    const named = Object.entries(examples).map(([example, { value }]) => ({
      id,
      status: Number(status),
      example,
      value,
    }))
    return named.length > 0 ? named : [{ id, status: Number(status), example: undefined, value: undefined }]
  }),
)
const statuses = expected.filter(
  ({ id, status }, index) => expected.findIndex((other) => other.id === id && other.status === status) === index,
)
const successes = statuses.filter(({ id, status }) => status === Number(Object.keys(declaredResponses(id))[0]))

describe('prism mock', () => {
  let prism: Prism
  beforeAll(async () => {
    prism = await startPrism('mock', 'generated/openapi.json')
  }, startMilliseconds)
  afterAll(() => prism.stop())

  function ask(id: OperationId, headers: Record<string, string>): Promise<Response> {
    const [method, path] = addressOf(id)
    const { body, raw = body && JSON.stringify(body), headers: own } = exampleBody(id)
    return fetch(`${prism.url}${path}`, {
      method,
      headers: { ...(body && { 'content-type': 'application/json' }), ...own, ...headers },
      ...(raw && { body: raw }),
    })
  }

  async function demand(answer: Response, { status, example, value }: Expected): Promise<void> {
    expect(answer.status).toBe(status)
    expect(answer.headers.get('sl-violations')).toBeNull()
    if (example === undefined) expect(await answer.text()).toBe('')
    else expect(typeof value === 'string' ? await answer.text() : await answer.json()).toEqual(value)
  }

  const authorization = 'Bearer eyJhbGciOiJIUzI1NiJ9.e30.c2ln'

  test.each(successes)('$id answers at the address it has on the server', async (success) => {
    await demand(await ask(success.id, { authorization }), success)
  })

  test.each(statuses)('$id answers $status where it is preferred', async (first) => {
    await demand(await ask(first.id, { authorization, prefer: `code=${first.status}` }), first)
  })

  test.each(expected.filter(({ example }) => example !== undefined))('$id shows $status $example', async (each) => {
    const prefer = `code=${each.status}, example=${each.example}`
    await demand(await ask(each.id, { authorization, prefer }), each)
  })

  test('a stranger is refused where the contract wants a token', async () => {
    const answer = await ask('listUsers', {})
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toContain('Bearer')
    expect(await answer.json()).toMatchObject({ type: '/problems/unauthenticated' })
  })

  test('a body that breaks the contract gets the example of a 400', async () => {
    const answer = await fetch(`${prism.url}/v1/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"nickname":"john"}',
    })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ type: '/problems/validation-failed' })
  })

  // HEAD is nowhere in the contract, it comes with every GET; of that Prism knows nothing.
  test('HEAD is not mocked', async () => {
    expect((await fetch(`${prism.url}/health`, { method: 'HEAD' })).status).toBe(405)
  })
})
