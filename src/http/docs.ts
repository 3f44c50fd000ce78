import { readFileSync } from 'node:fs'
import { Router, type RequestHandler } from 'express'
import swaggerUi from 'swagger-ui-express'
import document from '../../generated/openapi.json' with { type: 'json' }
import { problemTypes } from '../../generated/contract.ts'
import { Problem } from '../problem.ts'
import { refuseMethod } from './refuseMethod.ts'
import { problemIndex, problemPage } from './problemPage.ts'

const contractYaml = readFileSync(new URL('../../generated/openapi.yaml', import.meta.url), 'utf8')
const contractJson = JSON.stringify(document)

/** Swagger UI sets styles on elements as it draws; its scripts come from here alone, and it may talk to this server alone. */
const pagePolicy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** The contract for people and programs: `/docs`, `/openapi.yaml`, `/openapi.json` and a page for each type of problem. */
export function createDocs(): Router {
  const router = Router({ caseSensitive: true, strict: true })
  router.get('/openapi.json', text('application/json', contractJson))
  router.get('/openapi.yaml', text('application/yaml', contractYaml))
  router.get('/problems', text('text/html; charset=utf-8', problemIndex()))
  router.get('/problems/:type', (request, response, next) => {
    const { type } = request.params
    if (!Object.hasOwn(problemTypes, type)) throw new Problem('not-found')
    text('text/html; charset=utf-8', problemPage(type as keyof typeof problemTypes))(request, response, next)
  })
  router.get('/docs', (_request, response) => response.redirect(308, '/docs/'))
  const options = {
    persistAuthorization: true,
    displayRequestDuration: true,
    validatorUrl: null,
    tryItOutEnabled: true,
  }
  router.use('/docs/', allowPage, swaggerUi.serve)
  router.get('/docs/', swaggerUi.setup(document, { swaggerOptions: options, customSiteTitle: document.info.title }))
  router.all(
    ['/openapi.json', '/openapi.yaml', '/problems', '/problems/:type', '/docs', '/docs/'],
    refuseMethod(['GET']),
  )
  return router
}

const allowPage: RequestHandler = (_request, response, next) => {
  response.setHeader('Content-Security-Policy', pagePolicy)
  response.setHeader('Cache-Control', 'no-cache')
  next()
}

function text(mediaType: string, content: string): RequestHandler {
  return (_request, response) => {
    if (mediaType.startsWith('text/html')) response.setHeader('Content-Security-Policy', pagePolicy)
    response.setHeader('Content-Type', mediaType)
    response.setHeader('Cache-Control', 'public, max-age=300')
    response.end(content)
  }
}
