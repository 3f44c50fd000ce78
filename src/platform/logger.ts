import { hostname } from 'node:os'
import { destination, pino, stdTimeFunctions, type DestinationStream, type Logger } from 'pino'
import { version } from './version.ts'
import { describeError } from './describeError.ts'

export type { Logger }

/** One JSON object a line on standard output. Of errors it says what can contain no value (`describeError.ts`). */
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
