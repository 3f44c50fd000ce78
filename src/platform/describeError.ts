import { types } from 'node:util'

interface DescribedError {
  type: string
  code?: string
  message?: string
  /** What the system, PostgreSQL or a mail server said besides, as far as it names no value. */
  about?: Record<string, string | number>
  /** The frames alone: the line before them is the message, which may quote a request. */
  stack: string[]
  cause?: DescribedError
}

/** Our own errors, by name: their sentences are written in this repository and contain no value. */
const ownErrors = new Set(['Problem', 'StartupError', 'ConfigError', 'KeyFault'])

/** Names from the schema and from the source of PostgreSQL; its `detail`, `where`, `hint` and message quote values. */
const databaseFields = ['table', 'column', 'constraint', 'routine']
const plainName = /^[\w.]{1,63}$/

/**
 * What the log may say of a failure. An allow-list: parse errors carry the body (`body`), database errors the values
 * (`detail`, `parameters`, `where`), mail servers the address (`response`), and all repeat them in their messages.
 */
export function describeError(error: unknown): DescribedError {
  if (!types.isNativeError(error)) return { type: typeof error, stack: [] }
  const { code } = error as { code?: unknown }
  const about = aboutOf(error as ForeignError)
  return {
    type: error.constructor.name,
    ...(typeof code === 'string' ? { code } : {}),
    ...(ownErrors.has(error.name) ? { message: error.message } : {}),
    ...(Object.keys(about).length > 0 ? { about } : {}),
    stack: (error.stack ?? '')
      .split('\n')
      .filter((line) => /^\s+at /.test(line))
      .map((line) => line.trim()),
    ...(types.isNativeError(error.cause) ? { cause: describeError(error.cause) } : {}),
  }
}

/** By their shape: what pg, Node and the mailer throw shares no class. */
type ForeignError = Error & Record<string, unknown>

function aboutOf(error: ForeignError): Record<string, string | number> {
  const names = isOfDatabase(error) ? databaseFields : ['syscall', 'responseCode']
  const known = names.map((name) => [name, error[name]] as const)
  return Object.fromEntries(
    known.filter(
      (field): field is readonly [string, string | number] =>
        Number.isInteger(field[1]) || (typeof field[1] === 'string' && plainName.test(field[1])),
    ),
  )
}

function isOfDatabase({ severity, code }: ForeignError): boolean {
  return typeof severity === 'string' && typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)
}
