import type { Config } from '../config.ts'
import { createLogger, type Logger } from '../platform/logger.ts'
import { createLogSink, type LogSink } from '../platform/logSink.ts'

export interface OpenLog {
  logger: Logger
  sink: LogSink
}

/** The log on standard output: for machines, or for the person in front of a terminal in development. */
export async function openLog({ app, log }: Config): Promise<OpenLog> {
  const sink = createLogSink()
  const format = app.environment === 'development' && process.stdout.isTTY ? await readably() : (line: string) => line
  const logger = createLogger({ level: log.level, name: app.name }, { write: (line) => sink.write(format(line)) })
  return { logger, sink }
}

/** The package is for development alone; where it is not installed people read what machines do. */
async function readably(): Promise<(line: string) => string> {
  const pretty = await import('pino-pretty').catch(() => undefined)
  if (!pretty) return (line) => line
  const options = {
    colorize: true,
    singleLine: true,
    translateTime: 'SYS:HH:MM:ss',
    ignore: 'service,instance,version',
  }
  const format = pretty.prettyFactory(options)
  return (line) => format(line) ?? line
}
