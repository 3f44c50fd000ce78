import { randomUUID } from 'node:crypto'

const wellFormed = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?$/

/** A trace of its own, for a request that belongs to none: 16 random bytes in hexadecimal (section 3.2.2.3). */
export function newTraceId(): string {
  return randomUUID().replaceAll('-', '')
}

/** The trace id of a valid `traceparent` (W3C Trace Context section 3.2); undefined where there is none. */
export function traceIdOf(traceparent: string | string[] | undefined): string | undefined {
  if (typeof traceparent !== 'string' || traceparent.length > 512) return undefined
  const [, version, traceId, parentId, extra] = wellFormed.exec(traceparent) ?? []
  const isValid =
    version !== 'ff' && !(version === '00' && extra) && /[^0]/.test(traceId ?? '') && /[^0]/.test(parentId ?? '')
  return isValid ? traceId : undefined
}
