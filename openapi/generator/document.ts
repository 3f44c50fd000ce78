/** The parts of an OpenAPI 3.1 document that the generator reads, as the bundler leaves them: every `$ref` local. */
export interface Document {
  paths: Record<string, PathItem>
  components: { schemas: Record<string, Schema>; parameters: Record<string, Parameter> }
  /** What is written into the audit trail without a request. */
  'x-audit-jobs': string[]
  /** What each 403 writes into it, whatever the operation. */
  'x-audit-denials': string[]
}

export const methods = ['get', 'put', 'post', 'delete', 'patch'] as const
type Method = (typeof methods)[number]

type PathItem = { parameters?: (Parameter | Reference)[] } & { [M in Method]?: Operation }

export interface Operation {
  operationId: string
  tags: [string]
  security: Record<string, string[]>[]
  parameters?: (Parameter | Reference)[]
  requestBody?: { content: Record<string, { schema: Schema | Reference }> }
  responses: Record<string, Response | Reference>
  'x-rate-limit': string
  'x-audit': string[]
  'x-accepts-ended-sessions'?: boolean
  'x-answers-while-starting'?: boolean
  'x-checks-password'?: boolean
  'x-streamed-body'?: boolean
}

export interface Response {
  content?: Record<string, unknown>
}

export interface Parameter {
  name: string
  in: 'path' | 'query' | 'header'
  schema: Schema | Reference
}

export interface Schema {
  type?: string | string[]
  default?: unknown
  properties?: Record<string, Schema & Partial<Reference>>
  'x-permission'?: string
  'x-problem-types'?: Record<string, { status: number; title: string; description: string }>
}

interface Reference {
  $ref: string
}

/** Follows one local reference. */
export function resolve<T extends object>(document: Document, value: T | Reference): T {
  if (!('$ref' in value)) return value
  let target: unknown = document
  for (const part of value.$ref.slice(2).split('/')) target = (target as Record<string, unknown>)[part]
  return target as T
}

export interface FoundOperation {
  method: Method
  path: string
  operation: Operation
  parameters: Parameter[]
}

/** Every operation in the order of the document. */
export function operationsOf(document: Document): FoundOperation[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = item[method]
      if (!operation) return []
      const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])]
      return [{ method, path, operation, parameters: parameters.map((each) => resolve(document, each)) }]
    }),
  )
}
