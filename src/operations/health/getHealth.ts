import type { Input, Output } from '../../http/operation.ts'

/** Touches nothing: that the event loop answers is the news. */
export function getHealth(_input: Input<'getHealth'>): Promise<Output<'getHealth'>> {
  return Promise.resolve({ status: 200, body: { status: 'ok' } })
}
