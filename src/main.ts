import { existsSync } from 'node:fs'
import { loadEnvFile } from 'node:process'
import { ConfigError, readConfig } from './config.ts'
import { createService } from './service.ts'
import { StartupError } from './startupError.ts'

/** EX_CONFIG of sysexits.h: starting again without a change is no use. */
const misconfigured = 78
const stopMilliseconds = 25_000

try {
  if (existsSync('.env')) loadEnvFile('.env')
  const config = readConfig(process.env)
  const service = createService(config)
  stopOnSignals(() => service.stop())
  // Without key files there is nothing to read anew, and the end of a terminal ends the service, as ever.
  const { privateKeyFile, publicKeysDir } = config.tokens
  if (privateKeyFile ?? publicKeysDir) process.on('SIGHUP', () => void service.rereadKeys())
  await service.start()
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof StartupError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exit(error instanceof ConfigError ? misconfigured : 1)
}

/** The first signal stops in order; a second one, or 25 seconds, at once. */
function stopOnSignals(stop: () => Promise<void>): void {
  let isStopping = false
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (isStopping) process.exit(1)
      isStopping = true
      setTimeout(() => process.exit(1), stopMilliseconds).unref()
      void stop().then(
        () => process.exit(0),
        () => process.exit(1),
      )
    })
  }
}
