import type { IncomingMessage } from 'node:http'
import { Problem } from '../problem.ts'

const MAX_HEADERS = 100

/** `node:http` silently keeps the first of these; another reader of the same request might keep the last. */
const SENT_ONCE = ['host', 'authorization', 'content-type']

/** A name, an IPv4 address or a bracketed IPv6 one, and perhaps a port (RFC 3986 section 3.2), as it occurs in practice. */
const HOST = /^(?:\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9._-]{1,255})(?::\d{1,5})?$/

/**
 * What makes it doubtful where a request ends, whose it is or whom it is meant for. The connection is closed after the
 * answer, and nothing that came behind the request is believed.
 *
 * @returns `malformed-request`, `headers-too-large` or `undefined`.
 */
export function checkFraming(request: IncomingMessage): Problem | undefined {
  return checkTransferCoding(request) ?? checkHeaders(request)
}

/** RFC 9112 section 6.1: anything two readers might cut differently is where a smuggled request hides. */
function checkTransferCoding({ headers, httpVersionMajor, httpVersionMinor }: IncomingMessage): Problem | undefined {
  const coding = headers['transfer-encoding']
  if (coding === undefined) return undefined
  if (httpVersionMajor === 1 && httpVersionMinor === 0) return malformed('HTTP/1.0 knows no Transfer-Encoding.')
  if (headers['content-length'] !== undefined)
    return malformed('Content-Length and Transfer-Encoding exclude each other.')
  if (coding.toLowerCase() !== 'chunked') return malformed('The only supported transfer coding is chunked.')
  return undefined
}

function checkHeaders({ headers, rawHeaders, httpVersionMinor }: IncomingMessage): Problem | undefined {
  if (rawHeaders.length / 2 > MAX_HEADERS) {
    return new Problem('headers-too-large', {
      detail: `A request may have ${MAX_HEADERS} header fields at most.`,
      headers: { Connection: 'close' },
    })
  }
  const names = rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase())
  const repeated = SENT_ONCE.find((name) => names.indexOf(name) !== names.lastIndexOf(name))
  if (repeated !== undefined) return malformed(`The header field ${repeated} may be sent only once.`)
  if (headers.host === undefined) {
    return httpVersionMinor === 0 ? undefined : malformed('The header field host is missing.')
  }
  return HOST.test(headers.host) ? undefined : malformed('The header field host is not a host name.')
}

function malformed(detail: string): Problem {
  return new Problem('malformed-request', { detail, headers: { Connection: 'close' } })
}
