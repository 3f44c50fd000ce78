import document from '../../generated/openapi.json' with { type: 'json' }
import { contract, type OperationId } from '../../generated/contract.ts'
import { operationIds } from '../support/contract.ts'

interface Example {
  value: unknown
}

interface Declared {
  requestBody?: { content: Record<string, { examples: Record<string, Example> }> }
}

/** A user id of the right form that nobody has. */
export const absentId = '0199d8b2-5f1e-7c3a-9d6e-2b8f4a1c7e55'

/** The operations to which something applies, for `test.each`. */
export function operationsWhere(applies: (id: OperationId) => boolean): OperationId[] {
  return operationIds.filter(applies)
}

export const isGuarded = (id: OperationId): boolean => contract[id].permissions.length > 0
/** A body of JSON; files are read piece by piece and by rules of their own. */
export const takesBody = (id: OperationId): boolean => contract[id].requestMediaTypes.length > 0 && !takesFile(id)
export const takesFile = (id: OperationId): boolean => contract[id].streamedBody

/** Method and path as they are sent. No path has more than one parameter. */
export function addressOf(id: OperationId, parameter = absentId): [method: string, path: string] {
  return [contract[id].method.toUpperCase(), contract[id].path.replace(/\{\w+\}/, parameter)]
}

/** The parameter of the path, if it has one. */
export function pathParameter(id: OperationId): string | undefined {
  return /\{(\w+)\}/.exec(contract[id].path)?.[1]
}

/** The contract's first example of the body; nothing where the operation takes none. */
export function exampleBody(id: OperationId): { body?: object; raw?: string; headers?: Record<string, string> } {
  const paths = document.paths as unknown as Record<string, Record<string, Declared>>
  const content = paths[contract[id].path]?.[contract[id].method]?.requestBody?.content
  if (takesFile(id)) {
    const [[mediaType, { examples }] = ['', { examples: {} }]] = Object.entries(content ?? {})
    return { raw: String(Object.values(examples)[0]?.value), headers: { 'content-type': mediaType } }
  }
  const [example] = Object.values(content?.['application/json']?.examples ?? {})
  return example === undefined ? {} : { body: example.value as object }
}
