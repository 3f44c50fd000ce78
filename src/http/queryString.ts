import { Problem, type Fault } from '../problem.ts'

const MAX_PARAMETERS = 100
const MAX_FAULTS = 50
// C0 and C1 controls and DEL: PostgreSQL cannot store the first of them, and none belongs in a search or a cursor.
const CONTROLS = /[\u0000-\u001f\u007f-\u009f]/

/** What no parameter of any operation may hold, so that the contract need not say it of each; `undefined` if all is well. */
export function checkQuery(query: string): Problem | undefined {
  const parameters = query.split('&')
  if (parameters.length > MAX_PARAMETERS) {
    return new Problem('validation-failed', { detail: `A query may have ${MAX_PARAMETERS} parameters at most.` })
  }
  const errors = parameters.map(faultOf).filter((fault) => fault !== undefined)
  if (errors.length === 0) return undefined
  return new Problem('validation-failed', {
    detail: 'The query has parameters that cannot be read.',
    errors: errors.slice(0, MAX_FAULTS),
  })
}

function faultOf(parameter: string): Fault | undefined {
  const [name, ...value] = parameter.split('=').map(decode)
  const named = name === undefined || CONTROLS.test(name) ? {} : { name }
  if (name === undefined || value.includes(undefined)) {
    return { in: 'query', ...named, code: 'invalid-encoding', detail: 'Percent-encoding must stand for valid UTF-8.' }
  }
  if (CONTROLS.test(name) || value.some((part) => CONTROLS.test(part ?? ''))) {
    return { in: 'query', ...named, code: 'control-character', detail: 'Control characters are not allowed.' }
  }
  return undefined
}

function decode(encoded: string): string | undefined {
  try {
    return decodeURIComponent(encoded)
  } catch {
    return undefined
  }
}
