import { hostname } from 'node:os'
import { destination, pino, stdTimeFunctions, type DestinationStream, type Logger } from 'pino'
import { version } from './version.ts'

export type { Logger }

/** One JSON object a line on standard output. Errors are logged by name, code and stack; what drivers hang on them is not. */
export function createLogger(
  { level, name }: { level: string; name: string },
  output: DestinationStream = destination({ sync: false, minLength: 0 }),
): Logger {
  const options = {
    level,
    base: { service: name, instance: `${hostname()}:${process.pid}`, version },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: describeError },
  }
  return pino(options, output)
}

interface DescribedError {
  type: string
  code?: string
  /** The frames alone: the message may quote a request. */
  stack: string[]
  cause?: DescribedError
}

/**
 * An allow-list: parse errors carry the body (`body`), database errors the values (`detail`, `parameters`, `where`),
 * and both repeat them in their messages.
 */
export function describeError(error: unknown): DescribedError {
  if (!(error instanceof Error)) return { type: typeof error, stack: [] }
  const { code } = error as { code?: unknown }
  return {
    type: error.constructor.name,
    ...(typeof code === 'string' ? { code } : {}),
    stack: (error.stack ?? '')
      .split('\n')
      .filter((line) => /^\s+at /.test(line))
      .map((line) => line.trim()),
    ...(error.cause instanceof Error ? { cause: describeError(error.cause) } : {}),
  }
}
