import { createMetrics } from '../../src/platform/metrics.ts'
import { watchLog, watchParts } from '../../src/startup/watchParts.ts'
import { markdownTable } from './markdownTable.ts'

interface Instrument {
  name: string
  help: string
  labelNames: string[]
}

/** Every series of our own, with its labels. */
export function metricsTable(): string {
  const metrics = createMetrics('')
  // Nothing is read here, so there need not be anything to read.
  watchParts(metrics, undefined as never)
  watchLog(metrics, undefined as never)
  const rows = (metrics.registry.getMetricsAsArray() as unknown as Instrument[]).map(({ name, help, labelNames }) => [
    `\`${name}${labelNames.length > 0 ? `{${labelNames.join()}}` : ''}\``,
    help,
  ])
  return markdownTable(['series', 'says'], rows)
}
