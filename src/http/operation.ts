import type { Contract, OperationId } from '../../generated/contract.ts'
import type { operations } from '../../generated/openapi.ts'
import type { Context } from '../context.ts'
import type { Actor } from '../security/actor.ts'
import type { Client } from '../domain/client.ts'
import type { Upload } from './upload.ts'

/** What a handler gets: the parts of the request, validated, with the contract's defaults filled in. */
export interface Input<Id extends OperationId> {
  path: Defined<operations[Id]['parameters']['path']>
  query: WithDefaults<Defined<operations[Id]['parameters']['query']>, keyof Contract[Id]['queryDefaults']>
  /** The header fields that the contract names for this operation, by those names. */
  header: Defined<operations[Id]['parameters']['header']>
  body: Contract[Id]['streamedBody'] extends true
    ? Upload<Contract[Id]['requestMediaTypes'][number]>
    : Body<operations[Id]>
  /** Of the representations the contract offers, the one the client likes best. */
  accepts: Contract[Id]['answerMediaTypes'][number]
  /** Who asks; undefined only where the contract says `security: []`. */
  actor: Contract[Id]['permissions'] extends readonly [] ? undefined : Actor
  client: Client
}

/** One of the statuses the contract declares for a success, with its body and its own headers. */
export type Output<Id extends OperationId> = { [Status in DeclaredStatus<Id>]: Reply<Id, Status> }[DeclaredStatus<Id>]

/** Successes are returned; failures are thrown as a `Problem`. */
export type Handler<Id extends OperationId> = (input: Input<Id>, context: Context) => Promise<Output<Id>>

/** One handler for every operation in the contract, and none besides. */
export type Handlers = { [Id in OperationId]: Handler<Id> }

type Responses<Id extends OperationId> = operations[Id]['responses']

/** The declared statuses that are not problems: those are thrown and rendered in one place. */
type DeclaredStatus<Id extends OperationId> = {
  [Status in keyof Responses<Id>]: Responses<Id>[Status] extends { content: { 'application/problem+json': unknown } }
    ? never
    : Status
}[keyof Responses<Id>]

type Reply<Id extends OperationId, Status extends keyof Responses<Id>> = { status: Status } & BodyOf<
  Responses<Id>[Status]
> &
  HeadersOf<Responses<Id>[Status]>

type BodyOf<Response> = Response extends { content: { 'application/json': infer Content } }
  ? { body: Streamed<Content>; stream?: never }
  : Response extends { content: infer Contents }
    ? { mediaType: keyof Contents; stream: AsyncIterable<string>; body?: never }
    : { body?: never; stream?: never }

/** A list in a body may be given in batches, which are sent as they come: an answer of any size in the memory of one. */
type Streamed<Content> = {
  [Name in keyof Content]: Content[Name] extends (infer Item)[] ? Item[] | AsyncIterable<Item[]> : Content[Name]
}

/** The headers that are set in one place (the last by `domain/once.ts`), for every operation alike. */
type GenericHeader = 'X-Request-Id' | 'RateLimit' | 'RateLimit-Policy' | 'Idempotent-Replayed'

type HeadersOf<Response> = Response extends { headers: infer Declared }
  ? OwnHeaders<Declared> extends infer Own
    ? [keyof Own] extends [never]
      ? { headers?: never }
      : object extends Own
        ? { headers?: Own }
        : { headers: Own }
    : never
  : { headers?: never }

type OwnHeaders<Declared> = {
  [Name in keyof Declared as string extends Name ? never : Name extends GenericHeader ? never : Name]: Declared[Name]
}

type Defined<T> = [T] extends [undefined] ? Record<string, never> : NonNullable<T>

type WithDefaults<Query, Name extends PropertyKey> = Omit<Query, Name> & Required<Pick<Query, Name & keyof Query>>

type Body<Operation> = Operation extends { requestBody: { content: { 'application/json': infer Content } } }
  ? Content
  : undefined
