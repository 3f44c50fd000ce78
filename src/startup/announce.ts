import type { Config } from '../config.ts'
import type { FirstAdministrator } from '../jobs/ensureFirstAdministrator.ts'
import type { Logger } from '../platform/logger.ts'

interface Started {
  config: Config
  port: number
  metricsPort: number | undefined
  logger: Logger
  administrator: FirstAdministrator | undefined
}

/** Says that the service is ready, and in development, to a person, where everything is. */
export function announce({ config, port, metricsPort, logger, administrator }: Started): void {
  logger.info({ port, metrics_port: metricsPort, administrator: administrator?.username }, 'ready')
  if (config.app.environment !== 'development') return
  const base = `http://${config.http.host === '0.0.0.0' ? 'localhost' : config.http.host}:${port}`
  const lines = [
    `${config.app.name} is ready.`,
    `  API       ${base}/v1`,
    `  Docs      ${base}/docs`,
    `  Contract  ${base}/openapi.yaml`,
    ...(administrator ? credentials(administrator) : []),
  ]
  process.stdout.write(`\n${lines.join('\n')}\n\n`)
}

function credentials({ username, generatedPassword }: FirstAdministrator): string[] {
  if (generatedPassword === undefined) return [`  Administrator  ${username}, with the password of ADMIN_PASSWORD`]
  return [`  Administrator  ${username}`, `  Password       ${generatedPassword}   (shown this once)`]
}
