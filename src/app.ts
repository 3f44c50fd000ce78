import compression from 'compression'
import express, { type Express, type Request, type RequestHandler, type Response } from 'express'
import type { Context } from './context.ts'
import { createAccountPages } from './http/accountPages.ts'
import { allowHosts } from './http/allowedHosts.ts'
import { answerPreflight, cors } from './http/cors.ts'
import { createDocs } from './http/docs.ts'
import { renderErrors } from './http/errors.ts'
import { open, refuseOddities, treatHeadAsGet } from './http/open.ts'
import { requestLog } from './http/requestLog.ts'
import { requestMetrics } from './http/requestMetrics.ts'
import { createRouter } from './http/router.ts'
import { Problem } from './problem.ts'

/** The whole application: from a request to an answer, top to bottom. */
export function createApp(context: Context): Express {
  const { config, logger, metrics } = context
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.enable('case sensitive routing')
  app.enable('strict routing')
  app.set('trust proxy', config.http.trustProxy)

  app.use(open)
  app.use(requestMetrics(metrics))
  app.use(requestLog(logger))
  app.use(cors(config.http.corsOrigins))
  app.use(refuseOddities)
  app.use(allowHosts(config.http.allowedHosts))
  app.use(answerPreflight)
  app.use(compression({ threshold: 1024, filter: isCompressible }))
  app.use(treatHeadAsGet)
  app.use(createRouter(context))
  app.use(createDocs())
  app.use(createAccountPages(config.passwords))
  app.use(nothingHere)
  app.use(renderErrors(logger))
  return app
}

/** The library's own table knows neither the lines of an export nor YAML. */
function isCompressible(request: Request, response: Response): boolean {
  const mediaType = String(response.getHeader('Content-Type'))
  return ['application/x-ndjson', 'application/yaml'].includes(mediaType) || compression.filter(request, response)
}

const nothingHere: RequestHandler = () => {
  throw new Problem('not-found')
}
