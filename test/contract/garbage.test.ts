import { contract, type OperationId } from '../../generated/contract.ts'
import { startApi, type Api } from '../support/api.ts'
import type { Answer } from '../support/checkAnswer.ts'
import { operationIds } from '../support/contract.ts'
import { signInAs } from '../support/people.ts'
import { addressOf, exampleBody, isGuarded, operationsWhere, pathParameter, takesBody } from './requests.ts'

const withBody = operationsWhere(takesBody)
const withPath = operationsWhere((id) => pathParameter(id) !== undefined)
const queryParameters = operationIds.flatMap((id) =>
  Object.entries(contract[id].query)
    .filter(([, type]) => type !== 'string')
    .map(([name]) => [id, name] as const),
)
const withQuery = operationIds.filter((id) => Object.keys(contract[id].query).length > 0)
const withHeaders = operationIds.flatMap((id) => contract[id].requestHeaders.map((name) => [id, name] as const))
const plain = '0199d8b2-5f1e-7c3a-9d6e-2b8f4a1c7e55'
const braced = encodeURIComponent(`{${plain}}`)
const json = { 'content-type': 'application/json' }

describe('garbage', () => {
  let api: Api
  let token: string
  beforeAll(async () => {
    api = await startApi()
    token = (await signInAs(api, 'admin')).token
  })
  afterAll(() => api.close())

  function send(id: OperationId, sent: Parameters<Api['send']>[2], userId?: string): Promise<Answer> {
    const [method, path] = addressOf(id, userId)
    return api.send(method, path, { ...(isGuarded(id) ? { token } : {}), ...sent })
  }

  function expectFault(answer: Answer, fault: object): void {
    expect([answer.status, answer.body]).toMatchObject([400, { type: '/problems/validation-failed' }])
    expect(answer.body).toMatchObject({ errors: expect.arrayContaining([expect.objectContaining(fault)]) as unknown })
  }

  test.each(operationIds)('%s refuses a query parameter it does not know', async (id) => {
    const answer = await send(id, { query: { surprise: 'surprising-value' }, ...exampleBody(id) })
    expectFault(answer, { in: 'query', name: 'surprise', code: 'unknown-parameter' })
    expect(answer.text).not.toContain('surprising-value')
  })

  test.each(queryParameters)('%s refuses a %s of the wrong type, given twice or empty', async (id, name) => {
    const ask = (query: NonNullable<Parameters<Api['send']>[2]>['query']) =>
      send(id, { ...exampleBody(id), query: query! })
    expectFault(await ask({ [name]: 'maybe' }), { in: 'query', name })
    expectFault(await ask(`${name}=true&${name}=true`), { in: 'query', name, code: 'repeated' })
    expectFault(await ask({ [name]: '' }), { in: 'query', name })
  })

  test.each(withQuery)('%s names every fault of a query, reserved characters or not', async (id) => {
    const names = Object.keys(contract[id].query)
    const faultsOf = async (value: string) => {
      const answer = await send(id, { ...exampleBody(id), query: names.map((name) => `${name}=${value}`).join('&') })
      return [answer.status, (answer.body as { errors: { name: string; code: string }[] }).errors]
    }
    const plain = await faultsOf('%2C%20a')
    expect(plain[0]).toBe(400)
    for (const value of [',+a', ',%20a']) expect(await faultsOf(value)).toEqual(plain)
  })

  test('listUsers tells of a role, a limit and an order at once', async () => {
    const { body } = await send('listUsers', { query: 'role=a,b&limit=0&sort=+created_at' })
    expect(body).toMatchObject({
      errors: expect.arrayContaining(
        [
          { name: 'role', code: 'enum' },
          { name: 'limit', code: 'minimum' },
          { name: 'sort', code: 'enum' },
        ].map((fault) => expect.objectContaining({ in: 'query', ...fault }) as object),
      ) as object,
    })
  })

  test.each(withPath)('INP-13! %s refuses an id that is none', async (id) => {
    for (const userId of [
      '1',
      'me',
      '0199D8B2-5F1E-7C3A-9D6E-2B8F4A1C7E55',
      braced,
      `urn:uuid:${plain}`,
      '0199d8b2'.repeat(40),
    ]) {
      const answer = await send(id, exampleBody(id), userId)
      expectFault(answer, { in: 'path', name: pathParameter(id) })
    }
  })

  test.each(withHeaders)('%s refuses a field %s that is not well-formed', async (id, name) => {
    const { headers: own, ...example } = exampleBody(id)
    const sendWith = (value: string) => send(id, { ...example, headers: { ...own, [name]: value } })
    const wrong = ['', 'a b', '"', '"a', '"a" "b"', 'a"b', 'x\\y', '""x', '"a";b="c" ', 'é', `"${'x'.repeat(1001)}"`]
    for (const value of wrong) {
      expectFault(await sendWith(Buffer.from(value).toString('latin1')), { in: 'header', name })
    }
    expect((await sendWith('"a')).body).toMatchObject({
      errors: [{ detail: expect.stringMatching(/^must be .* double quotes$/) as unknown }],
    })
  })

  test.each(withBody)('%s refuses a property it does not know', async (id) => {
    const body = { ...exampleBody(id).body, surprise: 'surprising-value' }
    const answer = await send(id, { body })
    expectFault(answer, { in: 'body', pointer: '/surprise', code: 'unknown-property' })
    expect(answer.text).not.toContain('surprising-value')
  })

  test.each(withBody)('INP-11! %s refuses a body and properties of the wrong type', async (id) => {
    for (const body of [[], [exampleBody(id).body], 'text', 1, true, null]) {
      expectFault(await send(id, { raw: JSON.stringify(body), headers: json }), {
        in: 'body',
        pointer: '',
        code: 'type',
      })
    }
    for (const name of Object.keys(exampleBody(id).body ?? {})) {
      const body = { ...exampleBody(id).body, [name]: { nested: 'value' } }
      expectFault(await send(id, { body }), { in: 'body', pointer: `/${name}`, code: 'type' })
    }
  })

  test.each(withBody)('%s refuses what is not JSON', async (id) => {
    for (const raw of ['', '{"a":', '{"a":1}x', '{"a":1,"a":2}', '{"__proto__":{}}x', '\ufeff{}', 'a=1&b=2']) {
      const answer = await send(id, { raw, headers: json })
      expect([answer.status, answer.body]).toMatchObject([400, { type: '/problems/malformed-json' }])
    }
  })

  test.each(withBody)(
    'HTP-05! %s refuses media types the contract does not name and says which it does',
    async (id) => {
      const raw = JSON.stringify(exampleBody(id).body)
      const types = [
        'text/plain',
        'application/x-www-form-urlencoded',
        'application/jsonx',
        'application/json; charset=latin1',
      ]
      for (const type of types) {
        const answer = await send(id, { raw, headers: { 'content-type': type } })
        expect([answer.status, answer.body]).toMatchObject([415, { type: '/problems/unsupported-media-type' }])
        const taken = contract[id].requestMediaTypes.join(', ')
        expect(answer.headers.accept).toBe(taken)
        expect(answer.headers['accept-patch']).toBe(contract[id].method === 'patch' ? taken : undefined)
      }
      const compressed = await send(id, { raw, headers: { ...json, 'content-encoding': 'gzip' } })
      expect([compressed.status, compressed.headers['accept-encoding']]).toEqual([415, 'identity'])
    },
  )

  test.each(withBody)('%s refuses more than 100 KiB', async (id) => {
    const raw = JSON.stringify({ ...exampleBody(id).body, padding: 'x'.repeat(100 * 1024) })
    const answer = await send(id, { raw, headers: json })
    expect([answer.status, answer.body]).toMatchObject([413, { type: '/problems/payload-too-large' }])
  })

  test.each(operationIds)('%s refuses to answer anything but JSON', async (id) => {
    for (const accept of ['text/html', 'application/xml', 'application/json;q=0', 'image/*']) {
      const example = exampleBody(id)
      const answer = await send(id, { ...example, headers: { ...example.headers, accept } })
      expect([answer.status, answer.body]).toMatchObject([406, { type: '/problems/not-acceptable' }])
    }
  })
})
