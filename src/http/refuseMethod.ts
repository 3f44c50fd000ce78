import type { RequestHandler } from 'express'
import { Problem } from '../problem.ts'

/** RFC 9110 sections 9.3.7 and 15.5.6: the methods of a path, asked for or violated. */
export function refuseMethod(methods: string[]): RequestHandler {
  const allowed = [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ')
  return (request, response) => {
    if (request.method !== 'OPTIONS') throw new Problem('method-not-allowed', { headers: { Allow: allowed } })
    if (methods.includes('PATCH')) response.setHeader('Accept-Patch', 'application/merge-patch+json, application/json')
    response.setHeader('Allow', allowed)
    response.writeHead(204).end()
  }
}
