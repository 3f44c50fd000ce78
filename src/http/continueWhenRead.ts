import type { IncomingMessage, ServerResponse } from 'node:http'

/**
 * Answers `Expect: 100-continue` at the moment somebody begins to read the body, whoever that is: a request refused before
 * has not cost its upload (RFC 9110 section 10.1.1). Node closes the connection after an answer without the 100.
 */
export function continueWhenRead(request: IncomingMessage, response: ServerResponse): void {
  const read = request._read.bind(request)
  request._read = (size) => {
    request._read = read
    if (!response.headersSent) response.writeContinue()
    read(size)
  }
}
