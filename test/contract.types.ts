// Compiled with everything else, never run: each mistake below must be refused at the very line under its comment. Were one of
// them let through, `tsc` would report the comment as unused.
import type { AuditAction, OperationId, Permission } from '../generated/contract.ts'
import { handlers } from '../generated/handlers.ts'
import type { components } from '../generated/openapi.ts'
import type { Context } from '../src/context.ts'
import type { Db, Tx } from '../src/db/database.ts'
import type { NewAccount } from '../src/domain/addUser.ts'
import { audit, type Origin } from '../src/domain/audit.ts'
import type { ProfileChanges } from '../src/domain/changeUser.ts'
import type { Handlers, Input, Output } from '../src/http/operation.ts'
import { Problem, type ProblemType } from '../src/problem.ts'
import { findUser, lockUser } from '../src/queries/users.ts'
import type { Actor, Role } from '../src/security/actor.ts'
import { hasPermission } from '../src/security/permissions.ts'
import { toUser } from '../src/views/user.ts'

type User = components['schemas']['User']
declare const user: User
declare const userWithoutId: Omit<User, 'id'>
declare function batchesOf<Item>(item: Item): AsyncIterable<Item[]>
declare const db: Db
declare const tx: Tx
declare const origin: Origin
declare const holders: Record<Permission, Role[]>

/** The same without the mistakes compiles: the refusals below are for the mistake and nothing else. */
export const sound = {
  read: { status: 200, headers: { ETag: '"1"' }, body: user } satisfies Output<'getUser'>,
  created: {
    status: 201,
    headers: { Location: '/v1/users/1', ETag: '"1"' },
    body: user,
  } satisfies Output<'createUser'>,
  ended: { status: 204 } satisfies Output<'logout'>,
  handlers: { ...handlers } satisfies Handlers,
  holders: { ...holders } satisfies Record<Permission, Role[]>,
  problem: new Problem('not-found'),
  locked: lockUser(tx, user.id),
  event: audit(tx, 'user.created', origin, {}),
}

// Most properties of a body are optional, so that one renamed in the contract alone would be lost without a word: the
// acts that bodies are handed to know exactly the contract's names.
type Same<A, B> = [A, B] extends [B, A] ? true : false
type Properties<Id extends OperationId> = keyof Input<Id>['body']
export const createsAll: Same<Properties<'createUser'>, Exclude<keyof NewAccount, 'passwordHash'> | 'password'> = true
export const updatesAll: Same<Properties<'updateUser'>, keyof ProfileChanges> = true
export const replacesAll: Same<Properties<'replaceUser'>, keyof ProfileChanges> = true

// Every operation has its handler, and there are no others.

// @ts-expect-error an operation without a handler
export const incomplete = {} as Omit<Handlers, 'getUser'> satisfies Handlers
// @ts-expect-error a handler without an operation
export const superfluous = { ...handlers, forgetUser: handlers.getUser } satisfies Handlers
// @ts-expect-error the handler of another operation
export const mistaken = { ...handlers, getUser: handlers.createUser } satisfies Handlers
// @ts-expect-error an operation the contract does not know
export const unknownOperation: OperationId = 'forgetUser'

// An answer is one the contract declares for this very operation.

const headers = { ETag: '"1"' }

// @ts-expect-error a status that no operation declares
export const wrongStatus: Output<'getUser'> = { status: 418, headers, body: user }
// @ts-expect-error a status that only another operation declares
export const foreignStatus: Output<'getUser'> = { status: 201, headers, body: user }
// @ts-expect-error a problem is thrown, not returned
export const returnedProblem: Output<'getUser'> = { status: 404 }
// @ts-expect-error no body where the contract wants one
export const withoutBody: Output<'getUser'> = { status: 200, headers }
// @ts-expect-error a body with a 204
export const needlessBody: Output<'logout'> = { status: 204, body: user }
// @ts-expect-error a property left out
export const missingProperty: Output<'getUser'> = { status: 200, headers, body: userWithoutId }
// @ts-expect-error a property under another name
export const misnamedProperty: Output<'getUser'> = { status: 200, headers, body: { ...userWithoutId, userId: user.id } }
// @ts-expect-error a property too many
export const extraProperty: Output<'getUser'> = { status: 200, headers, body: { ...user, password_hash: '' } }
// @ts-expect-error a Date where the contract wants text
export const dateObject: Output<'getUser'> = { status: 200, headers, body: { ...user, created_at: new Date() } }
// @ts-expect-error a value outside an enumeration
export const wrongRole: Output<'getUser'> = { status: 200, headers, body: { ...user, role: 'owner' } }
// @ts-expect-error no headers where one is required
export const missingHeader: Output<'createUser'> = { status: 201, body: user }
// @ts-expect-error headers, and the required one is not among them
export const emptyHeaders: Output<'createUser'> = { status: 201, headers: {}, body: user }
// @ts-expect-error one of two that are required
export const halfTheHeaders: Output<'createUser'> = { status: 201, headers, body: user }
// @ts-expect-error no tag on what can be changed
export const withoutTag: Output<'updateUser'> = { status: 200, body: user }
// @ts-expect-error a header the contract does not declare
export const undeclaredHeader: Output<'getUser'> = { status: 200, headers: { ...headers, Link: '' }, body: user }

// A list may come in batches, of its own items.

declare const page: components['schemas']['Page']
const onPage = { status: 200, headers: { Link: '' } } as const
export const inBatches: Output<'listUsers'> = { ...onPage, body: { data: batchesOf(user), page } }
// @ts-expect-error batches of something else
export const wrongBatches: Output<'listUsers'> = { ...onPage, body: { data: batchesOf(userWithoutId), page } }
// @ts-expect-error batches where there is no list
export const needlessBatches: Output<'getUser'> = { status: 200, headers: { ETag: '"1"' }, body: batchesOf(user) }

// Names the contract fixes: problems, permissions, audit actions.

// @ts-expect-error a problem without a page
export const unknownProblem = new Problem('teapot')
// @ts-expect-error the same where only the name is written
export const unknownProblemType: ProblemType = 'teapot'
// @ts-expect-error a permission that nobody was given
export const unheld = {} as Omit<Record<Permission, Role[]>, 'users:read'> satisfies Record<Permission, Role[]>
// @ts-expect-error a permission that no operation asks for
export const unknownPermission = hasPermission('admin', 'users:forget')
// @ts-expect-error an action that no operation declares in x-audit
export const unknownAction = audit(tx, 'user.forgotten', origin, {})
// @ts-expect-error the same where only the name is written
export const unknownActionName: AuditAction = 'user.forgotten'

// A transaction is a transaction.

// @ts-expect-error the pool where the row has to stay locked
export const lockedByNobody = lockUser(db, user.id)
// @ts-expect-error the pool where event and change have to be one
export const unboundEvent = audit(db, 'user.created', origin, {})

// What a handler gets is what the contract says it gets.

export function forgottenAwait({ path }: Input<'getUser'>, context: Context): Output<'getUser'> {
  const found = findUser(context.db, path.user_id)
  // @ts-expect-error a promise is no row
  return { status: 200, headers, body: toUser(found) }
}

export function unchecked({ path }: Input<'getUser'>, context: Context): Promise<User> {
  // @ts-expect-error the user may not exist
  return findUser(context.db, path.user_id).then((found) => toUser(found))
}

export function queryOf({ query }: Input<'listUsers'>): unknown[] {
  const limit: number = query.limit
  // @ts-expect-error without a default a parameter may be missing
  const cursor: string = query.cursor
  // @ts-expect-error a parameter the contract does not know
  return [limit, cursor, query.offset]
}

export function bodyOf({ body }: Input<'createUser'>): unknown[] {
  const username: string = body.username
  // @ts-expect-error an optional property may be missing
  const role: string = body.role
  // @ts-expect-error a property the contract does not know
  return [username, role, body.nickname]
}

export function headerOf({ header }: Input<'updateUser'>): unknown[] {
  // @ts-expect-error a field may be missing
  const tags: string = header['If-Match']
  // @ts-expect-error a field that the contract does not name for this operation
  return [tags, header['Idempotency-Key']]
}

export function actorOf({ actor }: Input<'getUser'>): string {
  return actor.id
}

export function nobodyIn({ actor }: Input<'login'>): string {
  // @ts-expect-error nobody has signed in where the contract says `security: []`
  const { id }: Actor = actor
  return id
}

// @ts-expect-error an operation without parameters in its path has none to read
export const pathOf = ({ path }: Input<'logout'>): string => path.user_id
