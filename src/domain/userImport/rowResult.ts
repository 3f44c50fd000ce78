import type { components } from '../../../generated/openapi.ts'
import type { Fault, Problem } from '../../problem.ts'
import type { NewResult } from '../../queries/userImportResults.ts'

export type RowProblem = components['schemas']['RowProblem']

/** A problem as it is kept: what an answer would say of it, less the request. */
export function toRowProblem({ type, title, detail, errors }: Problem): RowProblem {
  return {
    type: `/problems/${type}`,
    title,
    ...(detail !== undefined && { detail }),
    ...(errors && { errors: errors.map(storable) }),
  }
}

/** PostgreSQL's JSON holds no NUL, which a name in JSON may have: such a fault is kept without its place. */
function storable({ pointer, ...fault }: Fault): Fault {
  return { ...fault, ...(pointer !== undefined && !pointer.includes('\0') && { pointer }) }
}

export function failed({ line, problem }: { line: number; problem: Problem }): NewResult {
  return { line, status: 'failed', user_id: null, problem: toRowProblem(problem) }
}
