import { createPrivateKey, createPublicKey, generateKeyPairSync, hash, sign, verify, type KeyObject } from 'node:crypto'

/** Signs seals (Ed25519). It must not be in the database whose contents it vouches for. */
export interface SealKey extends SealVerifier {
  sign(text: string): Buffer
}

export interface SealVerifier {
  /** SHA-256 of the public key, in hexadecimal digits. */
  id: string
  /** 32 bytes. */
  publicKey: Buffer
  verifies(text: string, signature: Buffer): boolean
}

/** A new key as PEM (PKCS #8). */
export function createSealKeyPem(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}

/** Undefined where the text is no private Ed25519 key in PEM. */
export function readSealKey(pem: string): SealKey | undefined {
  const key = attempt(() => createPrivateKey(pem))
  return key?.asymmetricKeyType === 'ed25519' ? toSealKey(key) : undefined
}

// RFC 8410 section 7: everything of a PKCS #8 key before the 32 bytes of its secret.
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex')

/** The key made of 32 secret bytes. */
export function sealKeyFrom(secret: Buffer): SealKey {
  return toSealKey(createPrivateKey({ key: Buffer.concat([pkcs8Prefix, secret]), format: 'der', type: 'pkcs8' }))
}

/** Every public key of a PEM file; undefined where one is no Ed25519 key, or there is none. */
export function readSealVerifiers(pem: string): SealVerifier[] | undefined {
  const blocks = pem.match(/-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g) ?? []
  const keys = blocks.map((block) => attempt(() => createPublicKey(block)))
  if (keys.length === 0 || keys.some((key) => key?.asymmetricKeyType !== 'ed25519')) return undefined
  return keys.flatMap((key) => (key ? [toVerifier(key)] : []))
}

// RFC 8410 section 4: everything of an SPKI key before its 32 bytes.
const spkiPrefix = Buffer.from('302a300506032b6570032100', 'hex')

/** PEM (SPKI), as openssl reads it. */
export function publicKeyPem(publicKey: Buffer): string {
  const key = createPublicKey({ key: Buffer.concat([spkiPrefix, publicKey]), format: 'der', type: 'spki' })
  return key.export({ type: 'spki', format: 'pem' }).toString()
}

function toSealKey(key: KeyObject): SealKey {
  return { ...toVerifier(createPublicKey(key)), sign: (text) => sign(null, Buffer.from(text), key) }
}

function toVerifier(key: KeyObject): SealVerifier {
  const publicKey = key.export({ type: 'spki', format: 'der' }).subarray(spkiPrefix.length)
  return {
    id: hash('sha256', publicKey, 'hex'),
    publicKey,
    verifies: (text, signature) => verify(null, Buffer.from(text), key, signature),
  }
}

/** Not the cause: the decoder's error might quote the key. */
function attempt(read: () => KeyObject): KeyObject | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
