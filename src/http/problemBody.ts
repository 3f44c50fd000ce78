import type { Fault, Problem } from '../problem.ts'

export interface ProblemBody {
  type: string
  title: string
  status: number
  detail?: string
  instance: string
  request_id: string
  errors?: Fault[]
}

/**
 * The document every failure is answered with (RFC 9457 section 3).
 *
 * @param instance the path asked for, without its query; where none could be read, a URN of the request's id.
 */
export function problemBody(problem: Problem, instance: string, requestId: string): ProblemBody {
  return {
    type: `/problems/${problem.type}`,
    title: problem.title,
    status: problem.status,
    ...(problem.detail !== undefined && { detail: problem.detail }),
    instance,
    request_id: requestId,
    ...(problem.errors && { errors: problem.errors }),
  }
}
