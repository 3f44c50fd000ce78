import type { Request } from 'express'

/**
 * Whether the client holds the representation already (RFC 9110 section 13.1.2): `If-None-Match` is `*` or lists the tag,
 * weak or strong. The contract has seen to its form. Only what is read can be unmodified.
 *
 * @param method that of the request; HEAD is GET by now.
 */
export function isNotModified({ method, headers }: Request, tag: string): boolean {
  const field = headers['if-none-match']
  if (method !== 'GET' || field === undefined) return false
  return field === '*' || (field.match(/"[^"]*"/g)?.includes(tag) ?? false)
}
