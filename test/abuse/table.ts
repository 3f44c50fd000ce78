import type { ProblemType } from '../../src/problem.ts'
import type { Api, Sent } from '../support/api.ts'
import type { Answer } from '../support/checkAnswer.ts'
import type { SignedIn } from '../support/people.ts'

/** Stands in secrets that rows send; the log must never show it. */
export const marker = 'hunter2-marker-5d1f0c'

export const tables = ['users', 'sessions', 'refresh_tokens', 'audit_events', 'idempotency_keys'] as const
export type Table = (typeof tables)[number]

/** What a row has to work with. */
export interface Stage {
  api: Api
  port: number
  user: SignedIn
  moderator: SignedIn
  admin: SignedIn
}

/** A well-formed request. */
export interface Asked extends Sent {
  method: string
  path: string
}

/** Bytes as they go over the connection; the server must hang up after its answers. */
export interface Raw {
  bytes: string
}

/** One exchange with exactly one answer. */
export interface Row {
  id: string
  exchange: string
  /** Whose token goes with it. */
  as?: 'user' | 'moderator' | 'admin'
  /** What is asked; a function may prepare the ground first. */
  ask: Asked | Raw | ((stage: Stage) => Asked | Raw | Promise<Asked | Raw>)
  status: number
  /** For a refusal. */
  type?: ProblemType
  /** The tables that are not as they were before; none by default. A 403 is an event besides. */
  changes?: readonly Table[]
  check?: (answer: Answer, stage: Stage) => void | Promise<void>
}

/** Several exchanges, or several at once; says itself what it expects. */
export interface Story {
  id: string
  exchange: string
  tell: (stage: Stage) => Promise<void>
}

export const absentUser = '/v1/users/0199d8b2-5f1e-7c3a-9d6e-2b8f4a1c7e55'
