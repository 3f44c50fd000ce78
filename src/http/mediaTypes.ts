import type { Request } from 'express'
import { Problem } from '../problem.ts'

/**
 * Answers which of the representations on offer `Accept` likes best; throws `not-acceptable` where it rules them all out.
 * Problems are sent whatever it says (RFC 9457 section 3).
 */
export function demandAcceptable(request: Request, offered: readonly string[]): string {
  const accepted = request.accepts([...offered])
  if (accepted !== false) return accepted
  // With a charset, too: neither JSON (RFC 8259 section 11) nor our CSV comes in another, but many clients ask for it.
  const withCharset = offered.map((type) => `${type};charset=utf-8`)
  const spelt = request.accepts(withCharset)
  const found = spelt === false ? undefined : offered[withCharset.indexOf(spelt)]
  if (found !== undefined) return found
  throw new Problem('not-acceptable', { detail: `This operation answers ${offered.join(' or ')}.` })
}

/**
 * Answers the body's type; throws `unsupported-media-type` unless it is one of `supported`, in UTF-8. Leaves the bare type in the request:
 * the validator keeps a compiled schema for ever for each spelling it sees, parameters included.
 */
export function demandSupported(request: Request, supported: readonly string[]): string {
  const [type = '', ...parameters] = (request.headers['content-type'] ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim())
  const isTaken = parameters.every((parameter) => parameter === '' || known(type).test(parameter))
  if (!supported.includes(type) || !isTaken) {
    const types = supported.join(', ')
    const firstLine = supported.includes('text/csv') ? '; the first line of a CSV file names its columns' : ''
    throw new Problem('unsupported-media-type', {
      detail: `Send the body as ${supported.join(' or ')} in UTF-8${firstLine}.`,
      headers: { Accept: types, ...(request.method === 'PATCH' && { 'Accept-Patch': types }) },
    })
  }
  request.headers['content-type'] = type
  return type
}

/** The parameters that say of a body what we take for granted. `header` is of CSV alone (RFC 4180 section 3). */
function known(type: string): RegExp {
  return type === 'text/csv' ? /^(?:charset="?utf-8"?|header="?present"?)$/ : /^charset="?utf-8"?$/
}
