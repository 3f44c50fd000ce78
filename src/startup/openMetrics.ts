import { once } from 'node:events'
import type { Config } from '../config.ts'
import type { LogSink } from '../platform/logSink.ts'
import { createMetrics, type Metrics } from '../platform/metrics.ts'
import { createMetricsServer } from '../platform/metricsServer.ts'
import { version } from '../platform/version.ts'
import { listenOn } from './listenOn.ts'
import { watchLog } from './watchParts.ts'

interface OpenMetrics extends AsyncDisposable {
  metrics: Metrics
  /** Where they are served; undefined where they are turned off. */
  port: number | undefined
}

/** The metrics, served on a port of their own. Throws a `StartupError` where that is taken. */
export async function openMetrics({ metrics: { host, port } }: Config, sink: LogSink): Promise<OpenMetrics> {
  const metrics = createMetrics(version)
  watchLog(metrics, sink)
  if (port === undefined) return { metrics, port, [Symbol.asyncDispose]: () => Promise.resolve() }
  const server = createMetricsServer(metrics)
  const advice = 'Set METRICS_PORT or METRICS_HOST; METRICS_PORT=off does without metrics.'
  const listening = await listenOn(server, { host, port }, advice)
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
