import type { RequestHandler } from 'express'
import { classifyDatabaseError } from '../db/errors.ts'
import type { Metrics } from '../platform/metrics.ts'
import type { Problem } from '../problem.ts'
import { exchangeOf } from './exchange.ts'

type Counted = Pick<Metrics, 'requests' | 'problems' | 'databaseErrors' | 'logins' | 'refreshReuse'>

/** Counts every request once it is over, by its operation and by how it went: never by anything its sender chose. */
export function requestMetrics(metrics: Counted): RequestHandler {
  return (request, response, next) => {
    const began = performance.now()
    response.once('close', () => {
      const { operation = 'unmatched', problem } = exchangeOf(request)
      const status = response.writableFinished ? `${Math.floor(response.statusCode / 100)}xx` : 'aborted'
      metrics.requests.observe({ operation, status }, (performance.now() - began) / 1000)
      if (problem) countProblem(metrics, operation, problem)
      if (operation === 'login') metrics.logins.inc({ outcome: outcomeOf(status, problem) })
    })
    next()
  }
}

function countProblem({ problems, databaseErrors, refreshReuse }: Counted, operation: string, problem: Problem): void {
  problems.inc({ operation, type: problem.type })
  if (problem.type === 'token-reused') refreshReuse.inc()
  const { kind } = classifyDatabaseError(problem.cause)
  if (problem.type === 'unavailable' && problem.cause !== undefined) databaseErrors.inc({ kind })
}

function outcomeOf(status: string, problem: Problem | undefined): string {
  if (status === '2xx') return 'success'
  if (problem?.type === 'invalid-credentials') return 'refused'
  return problem?.type === 'rate-limited' ? 'limited' : 'failed'
}
