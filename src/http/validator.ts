import { createRequire } from 'node:module'
import { middleware as createMiddleware } from 'express-openapi-validator'
import type { RequestHandler } from 'express'
import document from '../../generated/openapi.json' with { type: 'json' }
import { withServicePatterns } from './servicePatterns.ts'

const require = createRequire(import.meta.resolve('express-openapi-validator'))
type ApiSpec = Exclude<Parameters<typeof createMiddleware>[0]['apiSpec'], string>

/**
 * Checks requests against the contract: types, formats, required and unknown properties, every fault at once; fills in
 * the defaults. Tokens, permissions, media types and the names of query parameters were seen to before.
 */
export function createValidator(): RequestHandler[] {
  rememberPathPatterns()
  leaveOutSchemaOfContracts()
  return createMiddleware({
    apiSpec: requestSide(),
    validateRequests: { allErrors: true, allowUnknownQueryParameters: true },
    validateResponses: false,
    validateSecurity: false,
    validateApiSpec: false,
    validateFormats: true,
    ajvFormats: { mode: 'full' },
    fileUploader: false,
  })
}

/**
 * What requests are held against: the validator walks through the whole document, twice for each operation. Where it minds
 * reserved characters it stops at the first, and tells of no other fault; what a value may be is said by its schema.
 */
function requestSide(): ApiSpec {
  const text = JSON.stringify(document, (key, value: unknown) => {
    if (key === 'examples' || key === 'responses') return undefined
    return isQueryParameter(value) ? { ...value, allowReserved: true } : value
  })
  return withServicePatterns(JSON.parse(text) as ApiSpec)
}

function isQueryParameter(node: unknown): node is object {
  return typeof node === 'object' && node !== null && 'in' in node && node.in === 'query'
}

/**
 * The validator compiles a schema of all that OpenAPI knows, a tenth of a start, although it then asks it nothing:
 * `npm run check` has held the contract against it. This reaches into a file of it, so a test notices when that has moved.
 */
function leaveOutSchemaOfContracts(): void {
  const file = require('./framework/openapi.schema.validator.js') as { OpenAPISchemaValidator: new () => object }
  file.OpenAPISchemaValidator = class {}
}

/**
 * The validator compiles the pattern of every path anew at each request until one fits: a third of all its time with
 * 48 paths. The compiled patterns are kept instead. This reaches into its dependency, so the version is pinned and a
 * test notices when it stops working.
 */
function rememberPathPatterns(): void {
  const library = require('path-to-regexp') as { pathToRegexp: PathToRegexp & { remembers?: true } }
  const compile = library.pathToRegexp
  if (compile.remembers) return
  const compiled = new Map<string, ReturnType<PathToRegexp>>()
  const remembering: PathToRegexp = (path, options) => {
    const key = JSON.stringify([path, options])
    const known = compiled.get(key) ?? compile(path, options)
    compiled.set(key, known)
    return known
  }
  library.pathToRegexp = Object.assign(remembering, { remembers: true as const })
}

type PathToRegexp = (path: string | string[], options?: object) => object
