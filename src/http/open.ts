import type { RequestHandler } from 'express'
import { clientAddress } from './clientAddress.ts'
import { exchangeOf, openExchange } from './exchange.ts'
import { requestIdOf } from './requestId.ts'
import { checkRequest } from './requestTarget.ts'
import { securityHeaders } from './securityHeaders.ts'
import { newTraceId, traceIdOf } from './traceContext.ts'

const longestUserAgent = 512

/** The first step: gives the request its id, its trace and its client, and every answer the headers all answers have. */
export const open: RequestHandler = (request, response, next) => {
  const requestId = requestIdOf(request)
  openExchange(request, {
    ip: clientAddress(request.ip, request.socket.remoteAddress),
    userAgent: printable(request.headers['user-agent']),
    requestId,
    traceId: traceIdOf(request.headers.traceparent) ?? newTraceId(),
  })
  for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value)
  response.setHeader('X-Request-Id', requestId)
  response.setHeader('Cache-Control', 'no-store')
  next()
}

/** Refuses what no later step should have to think about. */
export const refuseOddities: RequestHandler = (request, _response, next) => {
  next(checkRequest(request))
}

/** Node has left out the body of answers to HEAD by now; from here on it is a GET. */
export const treatHeadAsGet: RequestHandler = (request, _response, next) => {
  if (request.method === 'HEAD') {
    exchangeOf(request).isHead = true
    request.method = 'GET'
  }
  next()
}

/** What a person may read in a list of sessions: cut, and without control characters. */
function printable(text: string | undefined): string | undefined {
  return text?.replace(/[^\x20-\x7e]/g, '?').slice(0, longestUserAgent)
}
