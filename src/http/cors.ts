import type { IncomingMessage } from 'node:http'
import type { RequestHandler } from 'express'

const allowOrigin = 'Access-Control-Allow-Origin'
const methods = 'GET, HEAD, POST, PUT, PATCH, DELETE'
const requestHeaders =
  'Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key, X-Request-Id, traceparent'
const exposedHeaders =
  'ETag, Idempotent-Replayed, Link, Location, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id'
const maxAge = 600 // seconds a browser may remember a preflight

/**
 * Lets pages of the configured origins read an answer (Fetch, "CORS protocol"). An origin counts if it is on the list to
 * the letter. No credentials mode: tokens travel in `Authorization`, there are no cookies.
 */
export function corsHeaders(origins: '*' | readonly string[], { headers }: IncomingMessage): Record<string, string> {
  const { origin } = headers
  const isAllowed = origin !== undefined && (origins === '*' || origins.includes(origin))
  if (!isAllowed) return { Vary: 'Origin' }
  return { Vary: 'Origin', [allowOrigin]: origin, 'Access-Control-Expose-Headers': exposedHeaders }
}

/** Before any step that may refuse: a page may read why. */
export function cors(origins: '*' | readonly string[]): RequestHandler {
  return (request, response, next) => {
    for (const [name, value] of Object.entries(corsHeaders(origins, request))) response.setHeader(name, value)
    next()
  }
}

/** A preflight of a page that may read the answer; others are requests like any. */
export const answerPreflight: RequestHandler = (request, response, next) => {
  const isPreflight = request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined
  if (!isPreflight || !response.hasHeader(allowOrigin)) return next()
  response.setHeader('Access-Control-Allow-Methods', methods)
  response.setHeader('Access-Control-Allow-Headers', requestHeaders)
  response.setHeader('Access-Control-Max-Age', maxAge)
  response.writeHead(204).end()
}
