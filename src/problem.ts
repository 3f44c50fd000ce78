import { problemTypes, type ProblemType } from '../generated/contract.ts'
import type { components } from '../generated/openapi.ts'

export type { ProblemType }
export type Fault = components['schemas']['Fault']

interface ProblemOptions {
  detail?: string
  errors?: Fault[]
  headers?: Record<string, string>
  /** For the log only; nothing of it is ever sent. */
  cause?: unknown
}

/** A failure that the client is told about. Thrown anywhere, rendered once (`http/errors.ts`). */
export class Problem extends Error {
  readonly type: ProblemType
  readonly status: number
  readonly title: string
  readonly detail: string | undefined
  readonly errors: Fault[] | undefined
  readonly headers: Record<string, string>

  constructor(type: ProblemType, options: ProblemOptions = {}) {
    super(options.detail ?? problemTypes[type].title, { cause: options.cause })
    this.name = 'Problem'
    this.type = type
    this.status = problemTypes[type].status
    this.title = problemTypes[type].title
    this.detail = options.detail
    this.errors = options.errors
    this.headers = options.headers ?? {}
  }
}
