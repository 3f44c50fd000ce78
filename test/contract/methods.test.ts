import { randomUUID } from 'node:crypto'
import { contract } from '../../generated/contract.ts'
import { startApi, type Api } from '../support/api.ts'
import { operationIds } from '../support/contract.ts'
import { signInAs, type SignedIn } from '../support/people.ts'
import { exchange, type RawAnswer } from '../support/rawHttp.ts'
import { absentId } from './requests.ts'

const everyMethod = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND']
const paths = [...new Set(operationIds.map((id) => contract[id].path))]

/** The methods the contract gives a path, with those that HTTP adds. */
function methodsOf(path: string): string[] {
  const declared = operationIds.filter((id) => contract[id].path === path)
  const methods = declared.map((id) => contract[id].method.toUpperCase())
  return [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS']
}

const concrete = (path: string, id = absentId) => path.replace(/\{\w+\}/, id)
const listOf = (field: string | undefined) => (field ?? '').split(', ').sort()

describe('methods', () => {
  let api: Api
  let admin: SignedIn
  beforeAll(async () => {
    api = await startApi()
    admin = await signInAs(api, 'admin')
  })
  afterAll(() => api.close())

  async function sendRaw(method: string, target: string, fields = ''): Promise<RawAnswer> {
    const bytes = `${method} ${target} HTTP/1.1\r\nHost: a\r\n${fields}Content-Length: 0\r\nConnection: close\r\n\r\n`
    const [answer] = await exchange(Number(new URL(api.url).port), bytes)
    return answer!
  }

  test.each(paths)('HTP-01! %s answers every other method with a 405 that names its own', async (path) => {
    const own = methodsOf(path)
    const others = everyMethod.filter((method) => !own.includes(method))
    expect(others).not.toHaveLength(0)
    for (const method of others) {
      const answer = await sendRaw(method, concrete(path))
      expect([method, answer.status]).toEqual([method, 405])
      expect(listOf(answer.headers.allow)).toEqual([...own].sort())
      expect(JSON.parse(answer.body || '{"type":"/problems/method-not-allowed"}')).toMatchObject({
        type: '/problems/method-not-allowed',
      })
    }
  })

  test.each(paths)('%s says at OPTIONS what it can do, to anybody', async (path) => {
    const { status, headers, text } = await api.send('OPTIONS', concrete(path))
    expect([status, text]).toEqual([204, ''])
    expect(listOf(headers.allow)).toEqual(methodsOf(path).sort())
    const acceptPatch = headers['accept-patch']?.split(', ').sort()
    const patch = operationIds.find((id) => contract[id].path === path && contract[id].method === 'patch')
    expect(acceptPatch).toEqual(patch && [...contract[patch].requestMediaTypes].sort())
  })

  test.each(paths.filter((path) => methodsOf(path).includes('GET')))(
    'HEAD %s is GET without the body',
    async (path) => {
      const target = concrete(path, admin.user.id)
      for (const token of [admin.token, undefined]) {
        // Said here, because what sends these says it for GET alone.
        const fixed = { token, headers: { 'x-request-id': randomUUID(), 'accept-encoding': 'gzip' } }
        const [get, head] = [await api.send('GET', target, fixed), await api.send('HEAD', target, fixed)]
        expect([head.status, head.text]).toEqual([get.status, ''])
        // RFC 9110 section 9.3.2: what is only known once the content was made may be left out.
        const { 'transfer-encoding': chunked, ...fields } = get.headers
        if (head.headers['content-encoding'] === undefined) delete fields['content-encoding']
        expect({ ...head.headers, date: '' }).toEqual({ ...fields, date: '' })
        if (chunked === undefined) expect(Number(head.headers['content-length'])).toBe(Buffer.byteLength(get.text))
      }
    },
  )

  test.each(everyMethod)('HTP-01! %s of an unknown path is a 404', async (method) => {
    for (const target of [
      '/',
      '/v1',
      '/v1/nothing',
      '/v1/users/',
      '/v1/Users',
      '/v1//users',
      '/v1/users/a/b',
      '/healthz',
    ]) {
      expect([target, (await sendRaw(method, target)).status]).toEqual([target, 404])
    }
  })

  test('HTP-03! a method nobody has heard of is refused', async () => {
    expect((await sendRaw('FORGET', '/v1/users')).status).toBe(400)
  })

  test('AZ-13! HTP-04! no header, parameter or body makes another method of it', async () => {
    const override = 'X-HTTP-Method-Override: DELETE\r\nX-HTTP-Method: DELETE\r\nX-Method-Override: DELETE\r\n'
    const fields = `${override}Authorization: Bearer ${admin.token}\r\n`
    const target = `/v1/users/${admin.user.id}`
    expect((await sendRaw('POST', target, fields)).status).toBe(405)
    expect((await sendRaw('GET', target, fields)).status).toBe(200)
    expect((await sendRaw('GET', `${target}?_method=DELETE`, fields)).status).toBe(400)
  })
})
