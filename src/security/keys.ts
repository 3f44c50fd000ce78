import { createPublicKey, createSecretKey, type KeyObject, type webcrypto } from 'node:crypto'
import { calculateJwkThumbprint, type JWK } from 'jose'

export type KeyPairAlgorithm = 'EdDSA' | 'ES256' | 'RS256'
export type Algorithm = 'HS256' | KeyPairAlgorithm

/** A key in the form the world may see (RFC 7517 section 4). */
export interface PublicJwk {
  kty: 'OKP' | 'EC' | 'RSA'
  crv?: 'Ed25519' | 'P-256'
  x?: string
  y?: string
  n?: string
  e?: string
  kid: string
  use: 'sig'
  alg: KeyPairAlgorithm
}

/** Whom a signature is by. It counts with this one algorithm only, whatever a token says of itself (RFC 8725 section 3.1). */
export interface VerificationKey {
  /** The RFC 7638 thumbprint, so that two machines give a key the same name. */
  kid: string
  algorithm: Algorithm
  verifyingKey: webcrypto.CryptoKey
}

export interface PublicKey extends VerificationKey {
  jwk: PublicJwk
}

export interface SigningKey extends VerificationKey {
  signingKey: webcrypto.CryptoKey
  /** What keys for other purposes are derived from. */
  seed: string
}

// A CryptoKey is made once for each key: jose turns any other form into one at each call.
const parameters = {
  HS256: { name: 'HMAC', hash: 'SHA-256' },
  EdDSA: { name: 'Ed25519' },
  ES256: { name: 'ECDSA', namedCurve: 'P-256' },
  RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
} as const

/** What `algorithmOf` takes, for those who are told that theirs is something else. */
export const acceptedKinds = 'Ed25519, P-256 or RSA with at least 2048 bits'

/** The algorithm of a public or private key, undefined for kinds that are not taken. RSA: RFC 7518 section 3.3. */
export function algorithmOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): KeyPairAlgorithm | undefined {
  const { namedCurve, modulusLength = 0 } = asymmetricKeyDetails ?? {}
  if (asymmetricKeyType === 'ed25519') return 'EdDSA'
  if (asymmetricKeyType === 'ec' && namedCurve === 'prime256v1') return 'ES256'
  if (asymmetricKeyType === 'rsa' && modulusLength >= 2048) return 'RS256'
  return undefined
}

/** A key of `JWT_SECRET` or `JWT_PREVIOUS_SECRETS`. */
export async function importSecret(secret: string): Promise<SigningKey> {
  const key = createSecretKey(secret, 'utf8')
  return {
    kid: await calculateJwkThumbprint(key.export({ format: 'jwk' })),
    algorithm: 'HS256',
    verifyingKey: key.toCryptoKey(parameters.HS256, false, ['verify']),
    signingKey: key.toCryptoKey(parameters.HS256, false, ['sign']),
    seed: secret,
  }
}

export async function importPublicKey(key: KeyObject, algorithm: KeyPairAlgorithm): Promise<PublicKey> {
  // Written out, so that no private member can slip in: node exports what the key has.
  const { kty = '', crv, x, y, n, e } = key.export({ format: 'jwk' }) as JWK
  const members = Object.fromEntries(
    Object.entries({ kty, crv, x, y, n, e }).filter(([, value]) => value !== undefined),
  )
  const kid = await calculateJwkThumbprint(members)
  return {
    kid,
    algorithm,
    verifyingKey: key.toCryptoKey(parameters[algorithm], false, ['verify']),
    jwk: { ...(members as Pick<PublicJwk, 'kty'>), kid, use: 'sig', alg: algorithm },
  }
}

export async function importPrivateKey(key: KeyObject, algorithm: KeyPairAlgorithm): Promise<SigningKey & PublicKey> {
  const { d } = key.export({ format: 'jwk' }) as { d: string }
  return {
    ...(await importPublicKey(createPublicKey(key), algorithm)),
    signingKey: key.toCryptoKey(parameters[algorithm], false, ['sign']),
    seed: d,
  }
}
