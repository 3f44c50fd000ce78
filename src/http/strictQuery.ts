import type { Fault } from '../problem.ts'

/**
 * What the validator leaves out or lets through: names the contract does not know, a name given twice, and integers in
 * any spelling but decimal digits (`0x10`, `1e2`). `types` are those the contract gives the parameters.
 */
export function queryFaults(query: Record<string, unknown>, types: Record<string, string>): Fault[] {
  return Object.entries(query).flatMap(([name, value]): Fault[] => {
    if (!Object.hasOwn(types, name)) {
      return [{ in: 'query', name, code: 'unknown-parameter', detail: 'is not a parameter of this operation' }]
    }
    if (Array.isArray(value)) return [{ in: 'query', name, code: 'repeated', detail: 'may be given once only' }]
    if (types[name] === 'integer' && !/^-?\d{1,15}$/.test(String(value))) {
      return [{ in: 'query', name, code: 'type', detail: 'must be integer' }]
    }
    return []
  })
}
