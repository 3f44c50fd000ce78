import { existsSync } from 'node:fs'
import { loadEnvFile } from 'node:process'
import { ConfigError, readConfig } from './config.ts'
import { createService } from './service.ts'
import { openLog } from './startup/openLog.ts'
import { StartupError } from './startupError.ts'

/** EX_CONFIG of sysexits.h: starting again without a change is no use. */
const misconfigured = 78
const stopMilliseconds = 25_000
/** How long the end waits for a log whose reader has stopped. */
const logMilliseconds = 1000

try {
  if (existsSync('.env')) loadEnvFile('.env')
  const config = readConfig(process.env)
  const log = await openLog(config)
  const service = createService(config, log)
  const end = async (code: number): Promise<never> => {
    await log.sink.flush(logMilliseconds)
    process.exit(code)
  }
  endInOrder(
    () => service.stop(),
    end,
    (error) => log.logger.fatal({ err: error }, 'nobody thought of this: the service ends'),
  )
  // Without key files there is nothing to read anew, and the end of a terminal ends the service, as ever.
  const { privateKeyFile, publicKeysDir } = config.tokens
  if (privateKeyFile ?? publicKeysDir) process.on('SIGHUP', () => void service.rereadKeys())
  await service.start().catch(async (error: unknown) => {
    await log.sink.flush(logMilliseconds)
    throw error
  })
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof StartupError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exit(error instanceof ConfigError ? misconfigured : 1)
}

/**
 * On a signal, and on an error that nobody caught, after which the state is unknown: finishes what is under way, then
 * exits, with 1 after an error. A second signal, or 25 seconds, end it at once.
 */
function endInOrder(
  stop: () => Promise<void>,
  end: (code: number) => Promise<never>,
  report: (error: unknown) => void,
) {
  let isStopping = false
  let code = 0
  const begin = (): void => {
    if (isStopping) return
    isStopping = true
    setTimeout(() => process.exit(1), stopMilliseconds).unref()
    void stop().then(
      () => end(code),
      () => end(1),
    )
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (isStopping) process.exit(1)
      begin()
    })
  }
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      report(error)
      code = 1
      begin()
    })
  }
}
