import { createCipheriv, createDecipheriv } from 'node:crypto'
import { freshBytes } from './freshBytes.ts'
import { secretKey } from './secretKey.ts'

/** A key for one person's values. Whoever deletes it has erased them, wherever the ciphertexts lie. */
export function createSubjectKey(): Buffer {
  return freshBytes(32)
}

/** Encrypts values as JSON (AES-256-GCM): nonce, tag, text. `place` says where they belong: elsewhere they cannot be read. */
export function encryptValues(key: Buffer, place: string, values: object): Buffer {
  const nonce = freshBytes(12)
  const cipher = createCipheriv('aes-256-gcm', secretKey(key), nonce).setAAD(Buffer.from(place))
  const encrypted = Buffer.concat([cipher.update(JSON.stringify(values), 'utf8'), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), encrypted])
}

/** Reads what `encryptValues` made; undefined where the key is another one, or the bytes are not what they were. */
export function decryptValues(key: Buffer, place: string, encrypted: Buffer): unknown {
  try {
    const nonce = encrypted.subarray(0, 12)
    const decipher = createDecipheriv('aes-256-gcm', secretKey(key), nonce, { authTagLength: 16 })
    decipher.setAAD(Buffer.from(place)).setAuthTag(encrypted.subarray(12, 28))
    return JSON.parse(decipher.update(encrypted.subarray(28), undefined, 'utf8') + decipher.final('utf8'))
  } catch {
    return undefined
  }
}
