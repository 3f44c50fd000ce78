import type { Context } from '../../context.ts'
import type { Input, Output } from '../../http/operation.ts'

/**
 * Answers from the last probe, so that a frozen database cannot hold up the answer. Redis and
 * new keys may be missed, and are only named.
 */
export function getReadiness(
  _input: Input<'getReadiness'>,
  { readiness, redis, keys }: Context,
): Promise<Output<'getReadiness'>> {
  const needed = readiness.checks()
  const isReady = Object.values(needed).every((state) => state === 'ok')
  const checks = {
    ...needed,
    redis: redis ? stateOf(redis.state().isUp) : 'unused',
    keys: stateOf(keys.isCurrent()),
  } as const
  return Promise.resolve(
    isReady
      ? { status: 200, body: { status: 'ready', checks } }
      : { status: 503, headers: { 'Retry-After': 1 }, body: { status: 'unready', checks } },
  )
}

function stateOf(isWell: boolean): 'ok' | 'failing' {
  return isWell ? 'ok' : 'failing'
}
