import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { renderErrors } from '../../src/http/errors.ts'
import { open } from '../../src/http/open.ts'
import type * as routerModule from '../../src/http/router.ts'
import { createHttpServer } from '../../src/http/server.ts'
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
const contracts = require('./framework/openapi/factory.schema.js') as { factorySchema: AnyFunction }

/** Puts a counter in front of a function of the library, until it is put back. */
function countCalls<Name extends string>(owner: Record<Name, AnyFunction>, name: Name) {
  const original = owner[name]
  let calls = 0
  owner[name] = function (this: unknown, ...parameters: unknown[]) {
    calls += 1
    return original.apply(this, parameters)
  }
  return { calls: () => calls, putBack: () => (owner[name] = original) }
}

/** The service's router with a validator of its own, which meets the counters before its first request. */
async function startRouter({ context }: Api) {
  const patternCalls = countCalls(patterns, 'pathToRegexp')
  const schemaCalls = countCalls(RequestValidator.prototype, 'buildMiddleware')
  const contractCalls = countCalls(contracts, 'factorySchema')
  const anew: string = `../../src/http/router.ts?${randomUUID()}`
  const { createRouter } = (await import(anew)) as typeof routerModule
  const app = express().use(open, createRouter(context), renderErrors(context.logger))
  const server = createHttpServer(app).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const ask = (path: string, options: RequestInit) => fetch(url + path, options).then(({ status }) => status)
  return {
    ask,
    compiledPatterns: patternCalls.calls,
    compiledSchemas: schemaCalls.calls,
    schemasOfContracts: contractCalls.calls,
    close() {
      server.close()
      patternCalls.putBack()
      schemaCalls.putBack()
      contractCalls.putBack()
    },
  }
}

// Were a counter still at 0 after requests, the library would have changed: then its costs have to be measured anew.
describe('what the validator compiles', () => {
  let api: Api
  let router: Awaited<ReturnType<typeof startRouter>> | undefined
  let token: string
  beforeAll(async () => {
    api = await startApi()
    token = (await signInAs(api, 'admin')).token
    router = await startRouter(api)
  })
  afterAll(async () => {
    router?.close()
    await api.close()
  })

  const read = (path: string, type?: string) =>
    router!.ask(path, { headers: { authorization: `Bearer ${token}`, ...(type ? { 'content-type': type } : {}) } })

  test('it compiles the pattern of a path once, not at every request', async () => {
    expect([await read('/v1/users'), await read('/ready')]).toEqual([200, 200])
    const afterFirst = router!.compiledPatterns()
    expect(afterFirst).toBeGreaterThan(0)
    expect(afterFirst).toBeLessThanOrEqual(new Set(operationIds.map((id) => contract[id].path)).size)
    for (let round = 0; round < 5; round += 1) {
      expect([await read('/v1/users'), await read('/ready')]).toEqual([200, 200])
    }
    expect(router!.compiledPatterns()).toBe(afterFirst)
  })

  test('it compiles a schema once, however the content type of a request is spelled', async () => {
    const login = (type: string) =>
      router!.ask('/v1/auth/login', { method: 'POST', body: '{}', headers: { 'content-type': type } })
    expect(await login('application/json')).toBe(400)
    const afterFirst = router!.compiledSchemas()
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
    expect(router!.compiledSchemas()).toBe(afterFirst)
  })

  test('it compiles no schema of contracts, which it would ask nothing', async () => {
    expect(await read('/v1/users')).toBe(200)
    expect(router!.schemasOfContracts()).toBe(0)
  })

  test('nor do operations without a body mind the content type', async () => {
    expect(await read('/v1/auth/me', 'application/json')).toBe(200)
    const afterFirst = router!.compiledSchemas()
    for (let round = 0; round < 5; round += 1)
      expect(await read('/v1/auth/me', `text/x-${round}; a=${round}`)).toBe(200)
    expect(router!.compiledSchemas()).toBe(afterFirst)
  })
})
