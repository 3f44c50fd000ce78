import type { Request } from 'express'
import { Problem } from '../problem.ts'

const json = 'application/json'

/** Throws `not-acceptable` where `Accept` rules out JSON. Problems are sent whatever it says (RFC 9457 section 3). */
export function demandAcceptable(request: Request): void {
  // With a charset, too: JSON has no such parameter (RFC 8259 section 11), but many clients ask for it.
  if (request.accepts(json, `${json};charset=utf-8`)) return
  throw new Problem('not-acceptable', { detail: `This operation answers ${json}.` })
}

/**
 * Throws `unsupported-media-type` unless the body is one of `supported`, in UTF-8. Leaves the bare type in the request:
 * the validator keeps a compiled schema for ever for each spelling it sees, parameters included.
 */
export function demandSupported(request: Request, supported: readonly string[]): void {
  const [type = '', ...parameters] = (request.headers['content-type'] ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim())
  const isUtf8 = parameters.every((parameter) => parameter === '' || /^charset="?utf-8"?$/.test(parameter))
  if (!supported.includes(type) || !isUtf8) {
    throw new Problem('unsupported-media-type', {
      detail: `Send the body as ${supported.join(' or ')} in UTF-8.`,
      headers: { Accept: supported.join(', ') },
    })
  }
  request.headers['content-type'] = type
}
