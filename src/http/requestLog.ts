import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Request, RequestHandler } from 'express'
import { pinoHttp } from 'pino-http'
import { contract } from '../../generated/contract.ts'
import type { Logger } from '../platform/logger.ts'
import { exchangeOf } from './exchange.ts'

/** One line for each request, made of named fields alone: no header, no query, no body can get into it. */
export function requestLog(logger: Logger): RequestHandler {
  return pinoHttp({
    logger,
    genReqId: (request) => exchangeOf(request as Request).client.requestId,
    // The default request and response objects carry headers and addresses with their queries.
    serializers: { req: () => undefined, res: () => undefined },
    wrapSerializers: false,
    customAttributeKeys: { responseTime: 'duration_ms' },
    customLogLevel: (_request, { statusCode }) => (statusCode === 500 ? 'error' : statusCode > 500 ? 'warn' : 'info'),
    customSuccessMessage: () => 'request answered',
    customErrorMessage: () => 'request failed',
    customSuccessObject: (request, response, { duration_ms }: Timing) => describe(request, response, duration_ms),
    customErrorObject: (request, response, _error, { duration_ms }: Timing) => describe(request, response, duration_ms),
  }) as RequestHandler
}

interface Timing {
  duration_ms?: number
}

function describe(request: IncomingMessage, response: ServerResponse, duration: number | undefined): object {
  const { client, operation, actor, problem } = exchangeOf(request as Request)
  return {
    request_id: client.requestId,
    trace_id: client.traceId,
    method: request.method,
    // Never the path itself, which may hold anything.
    route: operation ? contract[operation].path : 'unmatched',
    operation,
    status: response.statusCode,
    duration_ms: duration,
    problem: problem?.type,
    actor_id: actor?.id ?? null,
    ip: client.ip,
    ...(response.writableFinished ? {} : { aborted: true }),
  }
}
