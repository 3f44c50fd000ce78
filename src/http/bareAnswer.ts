import { STATUS_CODES } from 'node:http'
import type { Problem } from '../problem.ts'
import { problemBody } from './problemBody.ts'
import { securityHeaders } from './securityHeaders.ts'

interface BareAnswer {
  headers: Record<string, string>
  body: string
}

/** A problem as it is answered outside the framework: always the last thing on its connection. */
export function bareAnswer(problem: Problem, requestId: string, instance = `urn:uuid:${requestId}`): BareAnswer {
  const body = JSON.stringify(problemBody(problem, instance, requestId))
  const headers = {
    ...securityHeaders,
    ...problem.headers,
    'Cache-Control': 'no-store',
    Connection: 'close',
    'Content-Length': String(Buffer.byteLength(body)),
    'Content-Type': 'application/problem+json',
    Date: new Date().toUTCString(),
    'X-Request-Id': requestId,
  }
  return { headers, body }
}

/** The same as the bytes of a whole message (RFC 9112 section 2.1), for where there is a socket and no response. */
export function bareMessage(problem: Problem, requestId: string): string {
  const { headers, body } = bareAnswer(problem, requestId)
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\n${lines.join('')}\r\n${body}`
}
