/**
 * What a failure of the database means to the caller.
 * - `unique`: a unique constraint or index, by name
 * - `unavailable`: nothing wrong with the request; the same again may succeed once the database is better
 * - `denied`: the database or the role is not as it should be, which the operator has to mend
 * - `serialization`: PostgreSQL sacrificed the transaction to concurrency; it left no trace and may run again
 */
export type DatabaseErrorClass =
  | { kind: 'unique'; constraint: string | undefined }
  | { kind: 'unavailable' }
  | { kind: 'serialization' }
  | { kind: 'denied' }
  | { kind: 'other' }

// SQLSTATEs, PostgreSQL manual appendix A. Whole classes: 08 connection, 53 resources, 58 system (I/O).
const unavailableClasses = new Set(['08', '53', '58'])
const unavailableStates = new Set([
  '25006', // read-only transaction: a standby, or a primary that was demoted
  '25P03', // idle in transaction too long
  '25P04', // transaction too long
  '55P03', // lock_timeout
  '57014', // statement_timeout
  '57P01', // administrator shut the backend down
  '57P02', // another backend crashed
  '57P03', // starting up or shutting down
  '57P05', // idle too long
])
// No right, no such user or database, or one that is closed to connections.
const deniedStates = new Set(['42501', '28000', '28P01', '3D000', '55000'])
const serializationStates = new Set(['40001', '40P01'])

const socketCodes = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'EHOSTDOWN', 'ENETUNREACH'],
  ...['ENETDOWN', 'ENOTFOUND', 'EAI_AGAIN', 'EMFILE', 'ENFILE', 'ENOBUFS'],
])

// pg and its pool tell these by their message alone (pg 8.23 lib/client.js, pg-pool index.js, Kysely's driver).
const driverMessages =
  /^(timeout exceeded when trying to connect|timeout expired|Query read timeout|Connection terminated|Client has encountered a connection error|Client was closed|Postgres connection has been discarded|driver has already been destroyed|Cannot use a pool after calling end)/

// By its shape: the errors of pg and of Node's sockets share no class.
interface Failure {
  message: unknown
  code?: unknown
  constraint?: string
  syscall?: string
}

export function classifyDatabaseError(error: unknown): DatabaseErrorClass {
  if (typeof error !== 'object' || error === null || !('message' in error)) return { kind: 'other' }
  const { code, constraint, syscall, message } = error as Failure
  if (typeof code !== 'string') return { kind: driverMessages.test(String(message)) ? 'unavailable' : 'other' }
  if (code === '23505') return { kind: 'unique', constraint }
  if (deniedStates.has(code)) return { kind: 'denied' }
  if (serializationStates.has(code)) return { kind: 'serialization' }
  if (unavailableStates.has(code) || unavailableClasses.has(code.slice(0, 2)) || socketCodes.has(code)) {
    return { kind: 'unavailable' }
  }
  // A Unix socket that is not there yet.
  return { kind: code === 'ENOENT' && syscall === 'connect' ? 'unavailable' : 'other' }
}

/** Whether somebody else held on to what the statement needed for longer than `lock_timeout`. */
export function isLockTimeout(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '55P03'
}

/** True when waiting, not changing anything, is the remedy. */
export function isUnavailable(error: unknown): boolean {
  return classifyDatabaseError(error).kind === 'unavailable'
}
