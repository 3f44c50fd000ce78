import { createHmac, timingSafeEqual, type KeyObject } from 'node:crypto'
import { Problem } from '../problem.ts'

/** A place in a list: the last row seen, the way the list goes on from it, and the list it belongs to. */
export interface Cursor {
  direction: 'next' | 'previous'
  /** The sort value and the id of the row. */
  after: [value: string, id: string]
}

/** The first makes new cursors; those of all are read, so that a rotation of keys breaks no list. */
export type CursorKeys = readonly [KeyObject, ...KeyObject[]]

/**
 * Makes a cursor that only continues the list named by `list` (its sort and filters) and cannot be edited: an
 * HMAC-SHA256, cut to 128 bits, covers all of it.
 */
export function writeCursor([key]: CursorKeys, list: string, cursor: Cursor): string {
  const payload = Buffer.from(JSON.stringify([cursor.direction, ...cursor.after])).toString('base64url')
  return `${payload}.${sign(key, list, payload).toString('base64url')}`
}

/** Reads a cursor back, or throws `invalid-cursor` where it was cut, edited or made for another list. */
export function readCursor(keys: CursorKeys, list: string, text: string): Cursor {
  const [payload = '', signature = '', ...rest] = text.split('.')
  const isGenuine = keys.some((key) => isSignedWith(key, list, payload, signature))
  if (!isGenuine || rest.length > 0) {
    throw new Problem('invalid-cursor', {
      detail: 'The cursor was cut, edited, or made for another sort or other filters. Start again without it.',
      errors: [{ in: 'query', name: 'cursor', code: 'invalid-cursor', detail: 'does not belong to this list' }],
    })
  }
  const [direction, value, id] = JSON.parse(Buffer.from(payload, 'base64url').toString()) as [
    Cursor['direction'],
    string,
    string,
  ]
  return { direction, after: [value, id] }
}

function isSignedWith(key: KeyObject, list: string, payload: string, signature: string): boolean {
  const given = Buffer.from(signature, 'base64url')
  const expected = sign(key, list, payload)
  // Comparing the text too refuses other spellings of the same bytes.
  return (
    given.length === expected.length && timingSafeEqual(given, expected) && expected.toString('base64url') === signature
  )
}

function sign(key: KeyObject, list: string, payload: string): Buffer {
  return createHmac('sha256', key).update(list).update('\0').update(payload).digest().subarray(0, 16)
}
