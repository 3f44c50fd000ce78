import type { components } from '../../../generated/openapi.ts'
import type { Problem } from '../../problem.ts'
import type { NewResult } from '../../queries/userImportResults.ts'

export type RowProblem = components['schemas']['RowProblem']

/** A problem as it is kept: what an answer would say of it, less the request. */
export function toRowProblem({ type, title, detail, errors }: Problem): RowProblem {
  return { type: `/problems/${type}`, title, ...(detail !== undefined && { detail }), ...(errors && { errors }) }
}

export function failed({ line, problem }: { line: number; problem: Problem }): NewResult {
  return { line, status: 'failed', user_id: null, problem: toRowProblem(problem) }
}
