import type { RequestHandler } from 'express'

const methods = 'GET, HEAD, POST, PUT, PATCH, DELETE'
const requestHeaders =
  'Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key, X-Request-Id, traceparent'
const exposedHeaders =
  'ETag, Idempotent-Replayed, Link, Location, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id'
const maxAge = 600 // seconds a browser may remember a preflight

/**
 * Lets pages of the configured origins call the API (Fetch, "CORS protocol"). An origin counts if it is on the list to
 * the letter. No credentials mode: tokens travel in `Authorization`, there are no cookies.
 */
export function cors(origins: '*' | readonly string[]): RequestHandler {
  return (request, response, next) => {
    response.vary('Origin')
    const { origin } = request.headers
    const isAllowed = origin !== undefined && (origins === '*' || origins.includes(origin))
    if (isAllowed) {
      response.setHeader('Access-Control-Allow-Origin', origin)
      response.setHeader('Access-Control-Expose-Headers', exposedHeaders)
    }
    const isPreflight = request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined
    if (!isPreflight || !isAllowed) return next()
    response.setHeader('Access-Control-Allow-Methods', methods)
    response.setHeader('Access-Control-Allow-Headers', requestHeaders)
    response.setHeader('Access-Control-Max-Age', maxAge)
    response.writeHead(204).end()
  }
}
