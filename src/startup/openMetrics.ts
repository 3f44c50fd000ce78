import { once } from 'node:events'
import type { Config } from '../config.ts'
import { createMetrics, type Metrics } from '../platform/metrics.ts'
import { createMetricsServer } from '../platform/metricsServer.ts'
import { version } from '../platform/version.ts'
import { StartupError } from '../startupError.ts'
import { listenOn } from './listenOn.ts'
import type { OpenLog } from './openLog.ts'
import { watchLog } from './watchParts.ts'

const advice = 'Set METRICS_PORT or METRICS_HOST; METRICS_PORT=off does without metrics.'

interface OpenMetrics extends AsyncDisposable {
  metrics: Metrics
  /** Where they are served; undefined where they are turned off. */
  port: number | undefined
}

/**
 * The metrics, served on a port of their own. Where that is taken it throws a `StartupError`, or, where nobody chose it,
 * warns and does without: a second instance on a developer's machine is to start like the first.
 */
export async function openMetrics({ metrics: settings }: Config, { logger, sink }: OpenLog): Promise<OpenMetrics> {
  const metrics = createMetrics(version)
  watchLog(metrics, sink)
  const { host, port, isPortChosen } = settings
  const none = { metrics, port: undefined, [Symbol.asyncDispose]: () => Promise.resolve() }
  if (port === undefined) return none
  const server = createMetricsServer(metrics)
  const listening = await listenOn(server, { host, port }, advice).catch((error: unknown) => {
    if (isPortChosen || !(error instanceof StartupError)) throw error
    logger.warn(`${error.message} This instance shows no metrics.`)
    return undefined
  })
  if (listening === undefined) return none
  metrics.watchProcess()
  return {
    metrics,
    port: listening,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
