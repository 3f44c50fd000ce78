import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import document from '../../generated/openapi.json' with { type: 'json' }
import { contract, type OperationId } from '../../generated/contract.ts'

interface Header {
  required?: boolean
  schema: object
}

interface DeclaredResponse {
  headers?: Record<string, Header | { $ref: string }>
  content?: Record<string, { schema: object; examples?: Record<string, { value: unknown }> }>
}

const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true })
addFormats.default(ajv, { mode: 'full' })
ajv.addSchema(closed(document), 'contract')

export const operationIds = Object.keys(contract) as OperationId[]

/** The operation that a method and a path (as sent) belong to. */
export function findOperation(method: string, path: string): OperationId | undefined {
  const actual = method.toLowerCase() === 'head' ? 'get' : method.toLowerCase()
  return operationIds.find((id) => {
    return contract[id].method === actual && patternOf(contract[id].path).test(path)
  })
}

function patternOf(template: string): RegExp {
  return new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`)
}

/** A path as the contract writes it, where it is one of the contract's. */
export function templateOf(path: string): string | undefined {
  const [bare = ''] = path.split('?')
  return operationIds.map((id) => contract[id].path).find((each) => patternOf(each).test(bare))
}

/** The responses the contract declares for an operation, by status. */
export function declaredResponses(id: OperationId): Record<string, DeclaredResponse> {
  const paths = document.paths as unknown as Record<string, Record<string, { responses: Record<string, object> }>>
  const { responses } = paths[contract[id].path]![contract[id].method]!
  return Object.fromEntries(Object.entries(responses).map(([status, each]) => [status, resolve(each)]))
}

/** Follows a local reference. */
export function resolve<T>(value: object): T {
  if (!('$ref' in value)) return value as T
  const steps = String(value.$ref).slice(2).split('/')
  return steps.reduce<unknown>((node, step) => (node as Record<string, unknown>)[step], document) as T
}

/** What is wrong with a value by a schema of the contract, in sentences; empty where nothing is. */
export function faultsOf(schema: object, value: unknown): string[] {
  const validate = compiled(schema)
  if (validate(value)) return []
  return (validate.errors ?? []).map(
    (each) => `${each.instancePath || '/'} ${each.message} ${JSON.stringify(each.params)}`,
  )
}

/** The problem schema every error must fit, declared or not. */
export const problemSchema = { $ref: '#/components/schemas/Problem' }

const validators = new Map<string, ValidateFunction>()

/** Compiling takes longer than everything else about an answer. */
function compiled(schema: object): ValidateFunction {
  const key = JSON.stringify(schema)
  const validate = validators.get(key) ?? ajv.compile(absolute(schema))
  validators.set(key, validate)
  return validate
}

/** Local references, made to point into the registered contract. */
function absolute(schema: object): object {
  return JSON.parse(JSON.stringify(closed(schema)).replaceAll('"#/', '"contract#/')) as object
}

/** In tests no object may have a property that the contract does not name, whatever clients are told to put up with. */
function closed(node: object): object {
  return JSON.parse(JSON.stringify(node), (_key, value: unknown) => {
    const isObject = typeof value === 'object' && value !== null && 'properties' in value && 'type' in value
    return isObject && !('additionalProperties' in value) ? { ...value, additionalProperties: false } : value
  }) as object
}
