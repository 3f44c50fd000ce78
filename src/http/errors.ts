import type { ErrorRequestHandler, Response } from 'express'
import { classifyDatabaseError } from '../db/errors.ts'
import type { Logger } from '../platform/logger.ts'
import { Problem, type ProblemType } from '../problem.ts'
import { exchangeOf, sendJson } from './exchange.ts'
import { problemBody } from './problemBody.ts'
import { validationProblem } from './validationProblem.ts'

const realm = 'Bearer realm="user-management-api"'

/** RFC 9110 section 11.6.1 wants the field with every 401; RFC 6750 section 3.1 says what is in it. */
const challenges: { [Type in ProblemType]?: string } = {
  unauthenticated: realm,
  'invalid-credentials': realm,
  'invalid-token': `${realm}, error="invalid_token"`,
  'token-reused': `${realm}, error="invalid_token"`,
  forbidden: `${realm}, error="insufficient_scope"`,
}

/** The last step: whatever went wrong is answered as one problem; what is nobody's fault but ours is logged, too. */
export function renderErrors(logger: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    const exchange = exchangeOf(request)
    const { requestId, traceId } = exchange.client
    const problem = toProblem(error)
    exchange.problem = problem
    // Who is turned away on purpose, in a storm of logins say, has a line in the request log; a stack adds nothing to it.
    const isOnPurpose = problem.type === 'unavailable' && error === problem && problem.cause === undefined
    if (problem.status >= 500 && !isOnPurpose) {
      const { title, detail, cause } = problem
      logger.error({ err: cause ?? error, reason: detail, request_id: requestId, trace_id: traceId }, title)
    } else {
      // Codes and frames alone: what is said of a fault may name a property that the client made up.
      const codes = problem.errors?.map(({ code }) => code)
      logger.debug({ err: error, codes, request_id: requestId, trace_id: traceId }, 'why a request was refused')
    }
    if (response.headersSent) response.destroy()
    else sendProblem(response, problem, request.path, requestId)
  }
}

function sendProblem(response: Response, problem: Problem, instance: string, requestId: string): void {
  const challenge = challenges[problem.type]
  if (challenge) response.setHeader('WWW-Authenticate', challenge)
  if (problem.type === 'unavailable') response.setHeader('Retry-After', '1')
  for (const [name, value] of Object.entries(problem.headers)) response.setHeader(name, value)
  const body = JSON.stringify(problemBody(problem, instance, requestId))
  sendJson(response, problem.status, 'application/problem+json', body)
}

/** The problem behind any failure; a surprise becomes `internal`, which says nothing of it. */
function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  const invalid = validationProblem(error)
  if (invalid) return invalid
  const { kind } = classifyDatabaseError(error)
  if (kind === 'unavailable')
    return new Problem('unavailable', { detail: 'The database does not answer.', cause: error })
  if (kind === 'denied') return new Problem('unavailable', { detail: 'The database refuses.', cause: error })
  if (kind === 'serialization') return new Problem('unavailable', { detail: 'Too many changes at once.', cause: error })
  // Express could not decode a path parameter.
  if (error instanceof URIError) return new Problem('not-found', { cause: error })
  return new Problem('internal', { cause: error })
}
