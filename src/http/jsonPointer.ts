/** Names in a body are the client's, and a pointer is repeated for each fault: beyond this it would swell the answer. */
const MAX_POINTER_LENGTH = 256

/** The steps as a JSON Pointer (RFC 6901 section 3), ready to be spread into a fault; nothing where it would be too long. */
export function jsonPointer(steps: readonly (string | number)[]): { pointer?: string } {
  const pointer = steps.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
  return pointer.length > MAX_POINTER_LENGTH ? {} : { pointer }
}
