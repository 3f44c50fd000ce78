import { operationsOf, resolve, type Document, type FoundOperation, type Operation, type Schema } from './document.ts'

/** `generated/contract.ts`: what the runtime needs to know of each operation, as constants the compiler can see. */
export function contractSource(document: Document): string {
  const operations = operationsOf(document).map(
    (found) => `${found.operation.operationId}: ${JSON.stringify(describe(document, found))}`,
  )
  const problemTypes = document.components.schemas.Problem?.['x-problem-types']
  return `
    export const contract = { ${operations.join(',\n')} } as const
    /** What each pattern of the contract wants, in words. */
    export const patternRules = ${JSON.stringify(patternRules(document.components))} as const
    export const problemTypes = ${JSON.stringify(problemTypes)} as const
    /** What jobs and commands write into the audit trail. */
    export const jobAudit = ${JSON.stringify(document['x-audit-jobs'])} as const
    /** What each 403 writes into it, besides the \`audit\` of the operation. */
    export const denialAudit = ${JSON.stringify(document['x-audit-denials'])} as const

    export type Contract = typeof contract
    export type OperationId = keyof Contract
    export type ProblemType = keyof typeof problemTypes
    export type Permission =
      | Contract[OperationId]['permissions'][number][number]
      | Values<Contract[OperationId]['propertyPermissions']>
    export type AuditAction = Contract[OperationId]['audit'][number] | (typeof jobAudit | typeof denialAudit)[number]
    export type RateLimitClass = Contract[OperationId]['rateLimit']
    type Values<T> = T extends Record<string, never> ? never : T[keyof T]
  `
}

function describe(document: Document, { method, path, operation, parameters }: FoundOperation): object {
  const query = parameters.filter((parameter) => parameter.in === 'query')
  const schemas = query.map(({ name, schema }) => [name, resolve(document, schema)] as const)
  return {
    method,
    path,
    permissions: operation.security.map((requirement) => Object.values(requirement).flat()),
    acceptsEndedSessions: operation['x-accepts-ended-sessions'] ?? false,
    answersWhileStarting: operation['x-answers-while-starting'] ?? false,
    checksPassword: operation['x-checks-password'] ?? false,
    rateLimit: operation['x-rate-limit'],
    audit: operation['x-audit'],
    requestMediaTypes: Object.keys(operation.requestBody?.content ?? {}),
    streamedBody: operation['x-streamed-body'] ?? false,
    answerMediaTypes: answerMediaTypes(document, operation),
    requestHeaders: parameters.filter((parameter) => parameter.in === 'header').map(({ name }) => name),
    query: Object.fromEntries(schemas.map(([name, schema]) => [name, schema.type])),
    queryDefaults: Object.fromEntries(
      schemas.filter(([, schema]) => schema.default !== undefined).map(([name, schema]) => [name, schema.default]),
    ),
    propertyPermissions: propertyPermissions(document, operation.requestBody?.content['application/json']?.schema),
  }
}

/** What a success may be represented as; JSON where it has no content. */
function answerMediaTypes(document: Document, { responses }: Operation): string[] {
  const successes = Object.entries(responses).filter(([status]) => status.startsWith('2'))
  const types = successes.flatMap(([, response]) => Object.keys(resolve(document, response).content ?? {}))
  return types.length > 0 ? [...new Set(types)] : ['application/json']
}

/** The properties of a body that want a permission of their own (`x-permission`). */
function propertyPermissions(document: Document, body: Schema | { $ref: string } | undefined): Record<string, string> {
  const properties = body ? resolve(document, body).properties : undefined
  return Object.fromEntries(
    Object.entries(properties ?? {}).flatMap(([name, property]) =>
      property['x-permission'] ? [[name, property['x-permission']]] : [],
    ),
  )
}

/** Every `pattern` with the sentence (`x-rule`) that explains it. */
function patternRules(node: unknown): Record<string, string> {
  if (typeof node !== 'object' || node === null) return {}
  const { 'x-pattern': hidden, pattern = hidden, 'x-rule': rule } = node as Record<string, unknown>
  const own = typeof pattern === 'string' && typeof rule === 'string' ? { [pattern]: rule } : {}
  return Object.assign(own, ...Object.values(node).map(patternRules)) as Record<string, string>
}
