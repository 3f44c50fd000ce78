import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { problemBody } from '../../src/http/problemBody.ts'
import { checkRequest } from '../../src/http/requestTarget.ts'
import { Problem } from '../../src/problem.ts'

/** The least that stands between a socket and a handler: checks the request, and answers with text or a problem. */
export function plainApp(handle: (request: IncomingMessage) => string | Promise<string>): RequestListener {
  return (request, response) => {
    void answer(handle, request, response)
  }
}

async function answer(
  handle: (request: IncomingMessage) => string | Promise<string>,
  request: IncomingMessage,
  response: ServerResponse,
) {
  try {
    const problem = checkRequest(request)
    if (problem) throw problem
    response.end(await handle(request))
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const body = JSON.stringify(problemBody(error, request.url ?? '', 'test'))
    response.writeHead(error.status, { ...error.headers, 'Content-Length': Buffer.byteLength(body) }).end(body)
  }
}
