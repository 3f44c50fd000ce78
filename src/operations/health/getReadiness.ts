import type { Context } from '../../context.ts'
import type { Input, Output } from '../../http/operation.ts'

/** Answers from the last probe, so that a frozen database cannot hold up the answer. Redis may be missed, and is only named. */
export function getReadiness(
  _input: Input<'getReadiness'>,
  { readiness, redis }: Context,
): Promise<Output<'getReadiness'>> {
  const needed = readiness.checks()
  const isReady = Object.values(needed).every((state) => state === 'ok')
  const checks = { ...needed, redis: redis ? (redis.state().isUp ? 'ok' : 'failing') : 'unused' } as const
  return Promise.resolve(
    isReady
      ? { status: 200, body: { status: 'ready', checks } }
      : { status: 503, headers: { 'Retry-After': 1 }, body: { status: 'unready', checks } },
  )
}
