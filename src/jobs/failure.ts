import { isUnavailable } from '../db/errors.ts'

/** What the log says of a failure: of an outage, which fails everything alike, a word; else where it happened. */
export function describeFailure(error: unknown): { reason: string } | { err: unknown } {
  if (!isUnavailable(error)) return { err: error }
  const { code, message } = error as { code?: string; message: string }
  // Without a code it is a message of the driver's own, which quotes nothing.
  return { reason: code ?? message }
}
