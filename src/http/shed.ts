import type { RequestListener } from 'node:http'
import { contract, type OperationId } from '../../generated/contract.ts'
import type { Overload } from '../platform/overload.ts'
import { Problem } from '../problem.ts'
import { bareAnswer } from './bareAnswer.ts'
import type { Refusal } from './clientError.ts'
import { corsHeaders } from './cors.ts'
import { requestIdOf } from './requestId.ts'

interface ShedOptions {
  corsOrigins: '*' | readonly string[]
  /** Told of every request that is turned away. */
  onRefused: (refusal: Refusal) => void
}

/** Those that tell how the service is. They cost nothing, and whoever asks must not take a busy instance for a dead one. */
const alwaysAnswered = new Set(
  (Object.keys(contract) as OperationId[]).filter((id) => contract[id].answersWhileStarting).map(pathOf),
)

/** While there is too much to do new requests are turned away before any work is done for them, so that the others end. */
export function shed(
  handler: RequestListener,
  { isOverloaded }: Pick<Overload, 'isOverloaded'>,
  { corsOrigins, onRefused }: ShedOptions,
): RequestListener {
  return (request, response) => {
    const path = request.url?.split('?')[0] ?? ''
    if (!isOverloaded() || alwaysAnswered.has(path)) return handler(request, response)
    const problem = new Problem('unavailable', {
      detail: 'The service has more to do than it can. Try again in a moment.',
      headers: { ...corsHeaders(corsOrigins, request), 'Retry-After': '1' },
    })
    const requestId = requestIdOf(request)
    const { type, status } = problem
    onRefused({ type, status, code: 'overload', requestId, ip: request.socket.remoteAddress })
    const { headers, body } = bareAnswer(problem, requestId, path)
    // A body that nobody reads costs its connection; making a new one for each other request would cost us more.
    if (!hasBody(request.headers)) delete headers.Connection
    response.writeHead(status, headers).end(body)
  }
}

function pathOf(id: OperationId): string {
  return contract[id].path
}

function hasBody(headers: NodeJS.Dict<string | string[]>): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0'
}
