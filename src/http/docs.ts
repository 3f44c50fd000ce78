import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Router, type RequestHandler } from 'express'
import swaggerUi from 'swagger-ui-express'
import document from '../../generated/openapi.json' with { type: 'json' }
import { problemTypes } from '../../generated/contract.ts'
import { Problem } from '../problem.ts'
import { refuseMethod } from './refuseMethod.ts'
import { problemIndex, problemPage } from './problemPage.ts'

const contractYaml = readFileSync(new URL('../../generated/openapi.yaml', import.meta.url), 'utf8')
const contractJson = JSON.stringify(document)

// Its files are a dependency of it, not of ours.
const require = createRequire(import.meta.resolve('swagger-ui-express'))
/** What the page loads. The folder has more: other builds, their maps, a page about a pet shop. */
const assets = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'swagger-ui-standalone-preset.js': 'text/javascript; charset=utf-8',
  'favicon-16x16.png': 'image/png',
  'favicon-32x32.png': 'image/png',
}

/**
 * The contract for "Try it out", which sends the example of every parameter: one of a filter, a version or a key would
 * let the first request of a newcomer fail or find nothing, so optional parameters have none.
 */
const documentToTry = JSON.parse(contractJson, (_key, node: unknown) => {
  const isOptionalParameter = isObject(node) && 'in' in node && 'schema' in node && node.required !== true
  return isOptionalParameter ? { ...node, example: undefined } : node
}) as object

function isObject(node: unknown): node is Record<string, unknown> {
  return typeof node === 'object' && node !== null
}

/** Swagger UI sets styles on elements as it draws; its scripts come from here alone, and it may talk to this server alone. */
const pagePolicy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** The contract for people and programs: `/docs`, `/openapi.yaml`, `/openapi.json` and a page for each type of problem. */
export function createDocs(): Router {
  const router = Router({ caseSensitive: true, strict: true })
  const serve = (path: string, ...steps: RequestHandler[]): void => {
    router.get(path, ...steps)
    router.all(path, refuseMethod(['GET']))
  }
  serve('/openapi.json', content('application/json', contractJson))
  serve('/openapi.yaml', content('application/yaml', contractYaml))
  serve('/problems', content('text/html; charset=utf-8', problemIndex()))
  serve('/problems/:type', (request, response, next) => {
    const { type } = request.params
    if (!Object.hasOwn(problemTypes, String(type))) throw new Problem('not-found')
    content('text/html; charset=utf-8', problemPage(type as keyof typeof problemTypes))(request, response, next)
  })
  serve('/docs', (_request, response) => response.redirect(308, '/docs/'))
  const options = {
    persistAuthorization: true,
    displayRequestDuration: true,
    validatorUrl: null,
    tryItOutEnabled: true,
  }
  const page = swaggerUi.setup(documentToTry, { swaggerOptions: options, customSiteTitle: document.info.title })
  serve('/docs/', allowPage, page)
  // Its other step serves the whole folder, with errors of its own for parts and conditions.
  const [script] = swaggerUi.serve
  serve('/docs/swagger-ui-init.js', allowPage, script!)
  for (const [name, mediaType] of Object.entries(assets)) {
    serve(`/docs/${name}`, content(mediaType, readFileSync(require.resolve(`swagger-ui-dist/${name}`))))
  }
  return router
}

const allowPage: RequestHandler = (_request, response, next) => {
  response.setHeader('Content-Security-Policy', pagePolicy)
  response.setHeader('Cache-Control', 'no-cache')
  next()
}

function content(mediaType: string, bytes: string | Buffer): RequestHandler {
  return (_request, response) => {
    if (mediaType.startsWith('text/html')) response.setHeader('Content-Security-Policy', pagePolicy)
    response.setHeader('Content-Type', mediaType)
    response.setHeader('Cache-Control', 'public, max-age=300')
    response.end(bytes)
  }
}
