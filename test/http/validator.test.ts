import { createRequire } from 'node:module'
import { operationIds } from '../support/contract.ts'
import { contract } from '../../generated/contract.ts'
import { startApi, type Api } from '../support/api.ts'
import { signInAs } from '../support/people.ts'

type AnyFunction = (...parameters: unknown[]) => unknown

const require = createRequire(import.meta.resolve('express-openapi-validator'))
const patterns = require('path-to-regexp') as { pathToRegexp: AnyFunction }
const { RequestValidator } = require('./middlewares/openapi.request.validator.js') as {
  RequestValidator: { prototype: { buildMiddleware: AnyFunction } }
}

/** Puts a counter in front of a function of the library, before the service gets hold of it. */
function countCalls<Name extends string>(owner: Record<Name, AnyFunction>, name: Name): () => number {
  const original = owner[name]
  let calls = 0
  owner[name] = function (this: unknown, ...parameters: unknown[]) {
    calls += 1
    return original.apply(this, parameters)
  }
  return () => calls
}

const compiledPatterns = countCalls(patterns, 'pathToRegexp')
const compiledSchemas = countCalls(RequestValidator.prototype, 'buildMiddleware')

// Were a counter still at 0 after requests, the library would have changed: then its costs have to be measured anew.
describe('what the validator compiles', () => {
  let api: Api
  let token: string
  beforeAll(async () => {
    api = await startApi()
    token = (await signInAs(api, 'admin')).token
  })
  afterAll(() => api.close())

  test('it compiles the pattern of a path once, not at every request', async () => {
    await api.send('GET', '/v1/users', { token })
    await api.send('GET', '/ready')
    const afterFirst = compiledPatterns()
    expect(afterFirst).toBeGreaterThan(0)
    expect(afterFirst).toBeLessThanOrEqual(new Set(operationIds.map((id) => contract[id].path)).size)
    for (let round = 0; round < 5; round += 1) {
      await api.send('GET', '/v1/users', { token })
      await api.send('GET', '/ready')
    }
    expect(compiledPatterns()).toBe(afterFirst)
  })

  test('it compiles a schema once, however the content type of a request is spelled', async () => {
    const login = (type: string) =>
      api.send('POST', '/v1/auth/login', { raw: '{}', headers: { 'content-type': type } }).then(({ status }) => status)
    expect(await login('application/json')).toBe(400)
    const afterFirst = compiledSchemas()
    expect(afterFirst).toBeGreaterThan(0)
    const spellings = [
      'application/json;charset=utf-8',
      'application/json; charset="UTF-8"',
      'Application/JSON;;',
      'application/json ;',
    ]
    for (const spelling of spellings) expect(await login(spelling)).toBe(400)
    for (let round = 0; round < 5; round += 1) {
      expect(await login(`application/json; boundary=${round}`)).toBe(415)
      expect(await login(`application/x-${round}`)).toBe(415)
    }
    expect(compiledSchemas()).toBe(afterFirst)
  })

  test('nor do operations without a body mind the content type', async () => {
    const read = (type: string) => api.send('GET', '/v1/auth/me', { token, headers: { 'content-type': type } })
    expect((await read('application/json')).status).toBe(200)
    const afterFirst = compiledSchemas()
    for (let round = 0; round < 5; round += 1) expect((await read(`text/x-${round}; a=${round}`)).status).toBe(200)
    expect(compiledSchemas()).toBe(afterFirst)
  })
})
