import { createPrivateKey, type KeyObject } from 'node:crypto'
import { KeyFault } from './keyFault.ts'
import { acceptedKinds, algorithmOf, type KeyPairAlgorithm } from './keys.ts'
import { keyBlocks } from './pemBlocks.ts'
import type { Timed } from './keyTimeline.ts'

/** A private key of `JWT_PRIVATE_KEY_FILE`. */
export interface FiledKey extends Timed {
  key: KeyObject
  algorithm: KeyPairAlgorithm
}

/**
 * Reads the file: one or more private keys in PEM, each after a line `Not-Before: <RFC 3339 time>` that says when it
 * starts to sign. One may lack the line, so what `openssl genpkey` writes will do. All keys are in one file because a
 * file is replaced as a whole: no instance ever sees half of a rotation.
 *
 * Answers the keys in the order of their start; throws a `KeyFault`.
 */
export function parseKeyFile(text: string): FiledKey[] {
  const blocks = keyBlocks(text)
  if (!blocks) throw fault('is cut off: a key in it has no end')
  if (blocks.length === 0) throw fault('has no private key in it')
  const keys = blocks.map((block) => ({ notBefore: readTime(block.before), ...readKey(block.pem) }))
  keys.sort((one, other) => one.notBefore - other.notBefore)
  const isAmbiguous = keys.some(({ notBefore }, index) => notBefore === keys[index + 1]?.notBefore)
  if (isAmbiguous) throw fault('has keys that start at the same time: give each its own Not-Before line')
  return keys
}

export function formatKeyFile(keys: readonly FiledKey[]): string {
  return keys
    .map(({ notBefore, key }) => {
      const start = notBefore === 0 ? '' : `Not-Before: ${new Date(notBefore).toISOString()}\n`
      return `${start}${key.export({ type: 'pkcs8', format: 'pem' }).toString()}`
    })
    .join('\n')
}

function readTime(before: string): number {
  const [, text] = /^Not-Before:[ \t]*(.*?)[ \t]*\r?$/m.exec(before) ?? []
  if (text === undefined) return 0
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/.test(text) ? Date.parse(text) : NaN
  if (Number.isNaN(time)) throw fault('has a Not-Before line that is not a time such as 2030-01-31T12:00:00Z')
  return time
}

function readKey(pem: string): Omit<FiledKey, 'notBefore'> {
  const key = parse(pem)
  const algorithm = algorithmOf(key)
  if (!algorithm) throw fault(`has a key of another kind than ${acceptedKinds}`)
  return { key, algorithm }
}

function parse(pem: string): KeyObject {
  try {
    return createPrivateKey(pem)
  } catch {
    // Not the cause: the decoder's error might quote the key.
    throw fault('has a key that is not a private key without a passphrase')
  }
}

function fault(phrase: string): KeyFault {
  return new KeyFault('JWT_PRIVATE_KEY_FILE', phrase)
}
