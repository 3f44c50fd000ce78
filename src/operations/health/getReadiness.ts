import type { Context } from '../../context.ts'
import type { Input, Output } from '../../http/operation.ts'

/** Answers from the last probe, so that a frozen database cannot hold up the answer. */
export function getReadiness(_input: Input<'getReadiness'>, { readiness }: Context): Promise<Output<'getReadiness'>> {
  const checks = readiness.checks()
  const isReady = Object.values(checks).every((state) => state === 'ok')
  return Promise.resolve(
    isReady
      ? { status: 200, body: { status: 'ready', checks } }
      : { status: 503, headers: { 'Retry-After': 1 }, body: { status: 'unready', checks } },
  )
}
