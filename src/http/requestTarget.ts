import type { IncomingMessage } from 'node:http'
import { Problem } from '../problem.ts'
import { checkQuery } from './queryString.ts'
import { checkFraming } from './requestFraming.ts'

/** In bytes. RFC 9110 section 4.1 asks for 8000 at least. */
const MAX_TARGET_LENGTH = 8192

/** Segments of the characters RFC 3986 section 3.3 allows, none empty: no `//`, no slash at the end, no absolute form. */
const PATH = /^(?:\/(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})+)+$/
/** Where the slash at the end is the page's own name, because what it loads lies beneath it. */
const PATHS_WITH_SLASH = new Set(['/', '/docs/'])
/** After decoding: controls, and the characters that would make another path of it if somebody decoded once more. */
const MISLEADING = /[\u0000-\u001f\u007f-\u009f/\\%]/

/**
 * What `node:http` lets through and nothing behind it should have to think about.
 *
 * @returns the problem to answer with, or `undefined`: `malformed-request`, `headers-too-large`, `uri-too-long`,
 *   `not-found` for a path that is not spelled in the one way each resource has, `validation-failed` for the query.
 */
export function checkRequest(request: IncomingMessage): Problem | undefined {
  return checkFraming(request) ?? checkTarget(request.url ?? '')
}

function checkTarget(target: string): Problem | undefined {
  if (target.length > MAX_TARGET_LENGTH) {
    return new Problem('uri-too-long', {
      detail: `An address may have ${MAX_TARGET_LENGTH} bytes at most.`,
      headers: { Connection: 'close' },
    })
  }
  const [path, query] = splitTarget(target)
  if (!PATHS_WITH_SLASH.has(path) && !(PATH.test(path) && path.slice(1).split('/').every(isPlain))) {
    return new Problem('not-found')
  }
  return query === undefined ? undefined : checkQuery(query)
}

function splitTarget(target: string): [path: string, query?: string] {
  const mark = target.indexOf('?')
  return mark === -1 ? [target] : [target.slice(0, mark), target.slice(mark + 1)]
}

function isPlain(segment: string): boolean {
  try {
    const decoded = decodeURIComponent(segment)
    return decoded !== '.' && decoded !== '..' && !MISLEADING.test(decoded)
  } catch {
    return false
  }
}
