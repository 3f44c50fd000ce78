import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** Short and without characters that mean something in a header, a log line or a page. */
const WELL_FORMED = /^[A-Za-z0-9._-]{1,64}$/

/** The client's `X-Request-Id` where it is well-formed and sent once, else a new one. */
export function requestIdOf(request: IncomingMessage): string {
  const sent = request.headers['x-request-id']
  return typeof sent === 'string' && WELL_FORMED.test(sent) ? sent : randomUUID()
}
