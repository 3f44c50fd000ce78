import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes, type KeyObject } from 'node:crypto'
import { secretKey } from './secretKey.ts'

/** An opaque token of 256 random bits. */
export function createSecret(): string {
  return randomBytes(32).toString('base64url')
}

/** The only form in which such a token is stored. It needs no salt: nobody guesses 256 bits. */
export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}

/** Encrypts `text` (AES-256-GCM) so that only somebody who holds `secret` can read it. */
export function sealWith(secret: string, text: string): Buffer {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', sealingKey(secret), nonce)
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed])
}

/** Reads what `sealWith` made; throws where the secret is another one. */
export function unsealWith(secret: string, sealed: Buffer): string {
  const decipher = createDecipheriv('aes-256-gcm', sealingKey(secret), sealed.subarray(0, 12))
  decipher.setAuthTag(sealed.subarray(12, 28))
  return decipher.update(sealed.subarray(28), undefined, 'utf8') + decipher.final('utf8')
}

function sealingKey(secret: string): KeyObject {
  return secretKey(Buffer.from(hkdfSync('sha256', secret, '', 'sealed successor', 32)))
}
