import { createServer, type Server } from 'node:http'
import type { Metrics } from './metrics.ts'

/** Answers `GET /metrics` and nothing else, for a port that the public cannot reach. */
export function createMetricsServer({ registry }: Pick<Metrics, 'registry'>): Server {
  const server = createServer({ requestTimeout: 5000, headersTimeout: 5000, keepAliveTimeout: 65_000 })
  server.on('request', (request, response) => {
    const isKnown = request.url?.split('?')[0] === '/metrics'
    if (!isKnown || (request.method !== 'GET' && request.method !== 'HEAD')) {
      response.writeHead(isKnown ? 405 : 404, isKnown ? { Allow: 'GET, HEAD' } : {}).end()
      return
    }
    registry.metrics().then(
      (text) => response.writeHead(200, { 'Content-Type': registry.contentType }).end(text),
      () => response.writeHead(500).end(),
    )
  })
  return server
}
