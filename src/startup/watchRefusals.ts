import type { Logger } from '../platform/logger.ts'
import type { Metrics } from '../platform/metrics.ts'

/** A request that was answered without the application's knowing. */
interface Refusal {
  type: string
  status: number
  code: string
  requestId: string
  ip: string | undefined
}

/** Gives it a line of the log and counts it. `code` is one of Node's for what it cannot read, or a word of ours. */
export function watchRefusals(logger: Logger, { refusals }: Pick<Metrics, 'refusals'>): (refusal: Refusal) => void {
  return ({ type, status, code, requestId, ip }) => {
    refusals.inc({ type, code })
    logger.info({ request_id: requestId, route: 'unmatched', status, problem: type, code, ip }, 'request refused')
  }
}
