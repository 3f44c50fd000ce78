import { createHash } from 'node:crypto'
import type { Context } from '../../context.ts'
import type { Input, Output } from '../../http/operation.ts'
import { jwksMaxAge } from '../../security/keyTimeline.ts'

export function getJwks(_input: Input<'getJwks'>, { keys }: Context): Promise<Output<'getJwks'>> {
  const body = { keys: keys.published() }
  const digest = createHash('sha256').update(JSON.stringify(body)).digest('base64url')
  const headers = { 'Cache-Control': `public, max-age=${jwksMaxAge}`, ETag: `"${digest.slice(0, 22)}"` }
  return Promise.resolve({ status: 200, headers, body })
}
