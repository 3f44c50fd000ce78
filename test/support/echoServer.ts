import type { Refusal } from '../../src/http/clientError.ts'
import { readBody } from '../../src/http/readBody.ts'
import { securityHeaders } from '../../src/http/securityHeaders.ts'
import type { HttpServerOptions } from '../../src/http/server.ts'
import { plainApp } from './plainApp.ts'
import { listen, type RawAnswer } from './rawHttp.ts'

/** Must never be run where it follows a request that was refused for its framing. */
export const SMUGGLED = 'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n'

/** Answers with what it was asked, and keeps a list of it. */
export async function listenToAll(options: HttpServerOptions = {}) {
  const seen: string[] = []
  const refusals: Refusal[] = []
  const handler = plainApp(async (request) => {
    seen.push(`${request.method} ${request.url}`)
    return `${request.method} ${request.url} ${(await readBody(request, 1000)).toString()}`
  })
  const listening = await listen(handler, { ...options, onRefused: (refusal) => refusals.push(refusal) })
  return { ...listening, seen, refusals }
}

export interface ProblemDocument {
  type: string
  status: number
  instance: string
  request_id: string
}

export function expectProblem(answer: RawAnswer | undefined, status: number, type: string): ProblemDocument {
  expect(answer).toBeDefined()
  const body = JSON.parse(answer!.body) as ProblemDocument
  expect(answer!.status).toBe(status)
  expect(body).toMatchObject({ type: `/problems/${type}`, status })
  expect(answer!.headers.connection).toBe('close')
  return body
}

/** As answered without the framework: complete in itself. */
export function expectBareProblem(answer: RawAnswer | undefined, status: number, type: string): void {
  const body = expectProblem(answer, status, type)
  const lowerCased = Object.entries(securityHeaders).map(([name, value]) => [name.toLowerCase(), value])
  expect(answer!.headers).toMatchObject({
    ...(Object.fromEntries(lowerCased) as Record<string, string>),
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    'x-request-id': body.request_id,
  })
  expect(new Date(answer!.headers.date!).getTime()).toBeGreaterThan(0)
  expect(body.request_id).toMatch(/^[0-9a-f-]{36}$/)
}
