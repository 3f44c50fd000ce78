import { Router, type ErrorRequestHandler, type Request, type RequestHandler, type Response } from 'express'
import { contract, type OperationId } from '../../generated/contract.ts'
import { handlers } from '../../generated/handlers.ts'
import type { Context } from '../context.ts'
import { admit } from './admit.ts'
import { exchangeOf, sendJson } from './exchange.ts'
import { limitRefresh } from './limitRefresh.ts'
import { demandAcceptable, demandSupported } from './mediaTypes.ts'
import { isNotModified } from './notModified.ts'
import type { Handler } from './operation.ts'
import { refuseMethod } from './refuseMethod.ts'
import { readBody } from './readBody.ts'
import { recordDenial } from './recordDenial.ts'
import { sendStream } from './sendStream.ts'
import { parseStrictJson } from './strictJson.ts'
import { isStreamed, streamJson } from './streamJson.ts'
import { queryFaults } from './strictQuery.ts'
import { openUpload } from './upload.ts'
import { problemOf, validationProblem } from './validationProblem.ts'
import { createValidator } from './validator.ts'

const bodyLimit = 100 * 1024
// It knows nothing of a configuration, and what it compiles for the first requests serves every router of the process.
const validate = createValidator()

/** One route for every operation of the contract, and a 405 for every other method of its paths. */
export function createRouter(context: Context): Router {
  const router = Router({ caseSensitive: true, strict: true })
  const ids = Object.keys(contract) as OperationId[]
  for (const id of ids) {
    router[contract[id].method](
      routePath(id),
      receive(id, context),
      ...validate,
      refuseFaults,
      addFaults,
      answer(id, context),
      recordDenial(id, context),
    )
  }
  for (const path of new Set(ids.map(routePath))) {
    const methods = ids.filter((id) => routePath(id) === path).map((id) => contract[id].method.toUpperCase())
    router.all(path, refuseMethod(methods))
  }
  return router
}

/** Express writes `:user_id` where the contract writes `{user_id}`. */
function routePath(id: OperationId): string {
  return contract[id].path.replace(/\{(\w+)\}/g, ':$1')
}

/** Everything before the contract's own validation, cheapest and most telling first: 401 and 403 before any 400. */
function receive(id: OperationId, context: Context): RequestHandler {
  const { requestMediaTypes, streamedBody, answerMediaTypes, query, checksPassword } = contract[id]
  return async (request, response, next) => {
    const exchange = exchangeOf(request)
    exchange.operation = id
    await admit(id, request, response, context)
    // Hundreds may be turned away in one go; who is let in must not wait until each of them was read and understood.
    if (checksPassword) context.passwords.demandRoom()
    exchange.accepts = demandAcceptable(request, answerMediaTypes)
    exchange.faults = queryFaults(request.query, query)
    if (requestMediaTypes.length > 0) {
      const mediaType = demandSupported(request, requestMediaTypes)
      if (streamedBody) exchange.upload = openUpload(request, response, mediaType)
      else request.body = parseStrictJson(await readBody(request, bodyLimit))
    } else {
      delete request.headers['content-type']
    }
    next()
  }
}

/** The validator found nothing, the steps before it did. */
const refuseFaults: RequestHandler = (request, _response, next) => {
  const { faults = [] } = exchangeOf(request)
  next(faults.length > 0 ? problemOf(faults) : undefined)
}

/** Both found something: everything is reported at once. */
const addFaults: ErrorRequestHandler = (error: unknown, request, _response, next) => {
  next(validationProblem(error, exchangeOf(request).faults) ?? error)
}

function answer(id: OperationId, context: Context): RequestHandler {
  const handler = handlers[id] as unknown as Handler<OperationId>
  return async (request, response) => {
    if (contract[id].rateLimit === 'refresh') await limitRefresh(request, response, context)
    const { actor, client, accepts, upload, isHead } = exchangeOf(request)
    const { params: path, query } = request
    const header = declaredHeaders(id, request)
    const body: unknown = upload ?? request.body
    const input = { path, query, header, body, accepts, actor, client }
    const output: Answer = await handler(input as unknown as Parameters<typeof handler>[0], context)
    await send(request, response, output, isHead)
  }
}

/** By their names in the contract, and no others. */
function declaredHeaders(id: OperationId, request: Request): Record<string, string | undefined> {
  return Object.fromEntries(contract[id].requestHeaders.map((name) => [name, request.get(name)]))
}

interface Answer {
  status: number
  headers?: Record<string, string | number | undefined>
  body?: unknown
  mediaType?: string
  stream?: AsyncIterable<string>
}

/** A handler's headers stand over those that every answer gets. Who holds the representation already gets a 304. */
async function send(request: Request, response: Response, output: Answer, isHead?: boolean): Promise<void> {
  const { status, headers = {}, body, mediaType = '', stream } = output
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) response.setHeader(name, value)
  if (headers.ETag !== undefined && isNotModified(request, String(headers.ETag))) {
    // What compression says of the whole answer.
    response.vary('Accept-Encoding')
    response.writeHead(304).end()
  } else if (stream !== undefined) await sendStream(response, { status, mediaType, stream }, isHead)
  else if (body === undefined) response.writeHead(status).end()
  else if (isStreamed(body)) await streamJson(response, { status, body }, isHead)
  else sendJson(response, status, 'application/json', JSON.stringify(body))
}
