import { createServer, type RequestListener, type Server } from 'node:http'
import type { Socket } from 'node:net'
import { Problem } from '../problem.ts'
import { bareAnswer, bareMessage } from './bareAnswer.ts'
import { refuseClientErrors, type Refusal } from './clientError.ts'
import { openConnections, trackConnections, trackRequest } from './connections.ts'
import { continueWhenRead } from './continueWhenRead.ts'
import { lingeringClose } from './lingeringClose.ts'
import { checkFraming } from './requestFraming.ts'
import { requestIdOf } from './requestId.ts'

/** All times in milliseconds. */
export interface HttpServerOptions {
  /** For a request's header section to arrive, from its first byte or the connection's beginning. */
  headersTimeout?: number
  /** For a whole request to arrive. */
  requestTimeout?: number
  /** Between two looks at the clock for the former two: the most by which they are overstepped. */
  connectionsCheckingInterval?: number
  /** Between two requests; longer than the 60 s of the usual load balancers, so that it is they who hang up. */
  keepAliveTimeout?: number
  /** Without a byte moving in either direction during a request: for clients that do not read their answer. */
  stallTimeout?: number
  /** Connections beyond these are closed as they come. */
  maxConnections?: number
  /** Told of every request that is answered without the handler's knowing. */
  onRefused?: (refusal: Refusal) => void
}

/** Every method some resource of this service knows (RFC 9110 section 10.2.1). */
const ALLOWED_METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS'

/**
 * A server of `node:http` whose limits are tight and whose refusals are problem documents. What needs the parsed request
 * is not checked here but by `checkRequest`: the handler's first step, so that its answers are logged like any other.
 */
export function createHttpServer(handler: RequestListener, options: HttpServerOptions = {}): Server {
  const { onRefused = () => undefined } = options
  const server = createServer({
    headersTimeout: options.headersTimeout ?? 10_000,
    requestTimeout: options.requestTimeout ?? 30_000,
    connectionsCheckingInterval: options.connectionsCheckingInterval ?? 500,
    keepAliveTimeout: options.keepAliveTimeout ?? 65_000,
    maxHeaderSize: 16 * 1024,
    // Node would answer without a body; `checkRequest` answers with a problem.
    requireHostHeader: false,
    // Said here because a flag on the command line could say otherwise.
    insecureHTTPParser: false,
  })
  server.timeout = options.stallTimeout ?? 60_000
  if (options.maxConnections !== undefined) server.maxConnections = options.maxConnections

  trackConnections(server)
  closeGently(server)
  server.on('clientError', refuseClientErrors(server, onRefused))
  handRequestsOn(server, handler)
  server.on('checkContinue', (request, response) => {
    continueWhenRead(request, response)
    server.emit('request', request, response)
  })
  refuseExpectations(server, onRefused)
  refuseTunnels(server, onRefused)
  return server
}

/** Requests that came behind a doubtful one may be a part of it: they are dropped with the connection. */
function handRequestsOn(server: Server, handler: RequestListener): void {
  const doubtful = new WeakSet<Socket>()
  server.on('request', (request, response) => {
    if (doubtful.has(request.socket)) return
    if (checkFraming(request)) {
      doubtful.add(request.socket)
      response.shouldKeepAlive = false
    }
    trackRequest(server, { request, response })
    handler(request, response)
  })
}

/** `node:http` closes with this method after the last answer, at once: see `lingeringClose`. */
function closeGently(server: Server): void {
  server.on('connection', (socket) => {
    const destroySoon = socket.destroySoon.bind(socket)
    socket.destroySoon = () => {
      const request = openConnections(server).get(socket)?.newest?.request
      if (request?.complete === false) lingeringClose(socket, () => request.resume())
      else destroySoon()
    }
  })
}

/** RFC 9110 section 10.1.1: `100-continue` is the only expectation there is. */
function refuseExpectations(server: Server, report: (refusal: Refusal) => void): void {
  server.on('checkExpectation', (request, response) => {
    trackRequest(server, { request, response })
    const problem = new Problem('expectation-failed')
    const requestId = requestIdOf(request)
    report({
      type: problem.type,
      status: problem.status,
      code: 'expectation',
      requestId,
      ip: request.socket.remoteAddress,
    })
    const { headers, body } = bareAnswer(problem, requestId, request.url?.split('?')[0])
    response.writeHead(problem.status, headers).end(body)
  })
}

/** CONNECT asks for a proxy. `node:http` hands its connection over bare, without error listener or parser. */
function refuseTunnels(server: Server, report: (refusal: Refusal) => void): void {
  server.on('connect', (request, socket) => {
    socket.on('error', () => socket.destroy())
    const problem = new Problem('method-not-allowed', { headers: { Allow: ALLOWED_METHODS } })
    const requestId = requestIdOf(request)
    report({ type: problem.type, status: problem.status, code: 'connect', requestId, ip: request.socket.remoteAddress })
    const { pending } = openConnections(server).get(request.socket) ?? { pending: [] }
    if (pending.length > 0) socket.destroy()
    else lingeringClose(request.socket, () => socket.resume(), bareMessage(problem, requestId))
  })
}
