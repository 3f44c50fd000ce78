import type { RequestHandler } from 'express'
import { Problem } from '../problem.ts'

/** Orchestrators ask these by whatever address a process happens to have. */
const probes = new Set(['/health', '/ready'])

/**
 * Refuses requests that are meant for another host (RFC 9110 section 7.4): names that somebody points at this server, to
 * have a browser talk to it as their own (DNS rebinding). Without a list every well-formed host will do.
 *
 * @param hosts names or addresses, without port and in lower case.
 */
export function allowHosts(hosts: readonly string[]): RequestHandler {
  return (request, _response, next) => {
    const name = (request.headers.host ?? '').toLowerCase().replace(/:\d+$/, '')
    if (hosts.length === 0 || hosts.includes(name) || probes.has(request.path)) return next()
    throw new Problem('malformed-request', {
      detail: 'This service does not answer for the host of the request.',
      headers: { Connection: 'close' },
    })
  }
}
