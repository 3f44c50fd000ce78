import { createHash, hkdfSync, randomUUID, webcrypto } from 'node:crypto'
import { SignJWT, base64url, calculateJwkThumbprint, decodeProtectedHeader, jwtVerify } from 'jose'
import { Problem } from '../problem.ts'
import type { Actor } from './actor.ts'
import { createExpiringMap } from './expiringMap.ts'

const algorithm = 'HS256'
const type = 'at+jwt' // RFC 9068 section 2.1
const audience = 'user-management-api'
/** Clocks of several machines may differ by this much (seconds). */
const clockTolerance = 60
const longestToken = 8 * 1024
const mostRemembered = 10_000

export interface TokenSettings {
  secret: string
  /** Secrets that no longer sign but still verify, so that a rotation signs nobody out. */
  previousSecrets: readonly string[]
  issuer: string
  /** Seconds. */
  lifetime: number
}

/** What a genuine access token claims. Its role is a hint for clients; the service itself asks the database. */
export interface Claims {
  userId: string
  sessionId: string
}

export interface Tokens {
  sign(actor: Actor): Promise<string>
  /** The claims of a genuine token, or a `Problem` `invalid-token`. Genuine ones that have expired count on demand only. */
  verify(token: string, options?: { acceptExpired: boolean }): Promise<Claims>
  /** Seconds an access token lives. */
  lifetime: number
}

/** Access tokens: JWTs after RFC 9068, each key named by its RFC 7638 thumbprint. */
export async function createTokens({ secret, previousSecrets, issuer, lifetime }: TokenSettings): Promise<Tokens> {
  const [current, ...previous] = await Promise.all([secret, ...previousSecrets].map(importSecret))
  if (!current) throw new TypeError('a secret is needed')
  const keys = new Map([current, ...previous].map(({ id, key }) => [id, key]))

  // A signature costs more to check than all else a request does with its token, and once genuine it stays so.
  const genuine = createExpiringMap<Claims>(mostRemembered)

  return {
    lifetime,
    sign: (actor) =>
      new SignJWT({ sid: actor.sessionId, role: actor.role })
        .setProtectedHeader({ alg: algorithm, typ: type, kid: current.id })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(actor.id)
        .setJti(randomUUID())
        .setIssuedAt()
        .setExpirationTime(`${lifetime}s`)
        .sign(current.key),

    async verify(token, { acceptExpired } = { acceptExpired: false }) {
      if (token.length > longestToken) throw new Problem('invalid-token')
      const known = genuine.get(token)
      if (known) return known
      try {
        const key = keys.get(String(decodeProtectedHeader(token).kid))
        if (!key) throw new Problem('invalid-token')
        const { payload } = await jwtVerify(token, key, {
          algorithms: [algorithm],
          typ: type,
          issuer,
          audience,
          requiredClaims: ['sub', 'sid', 'jti', 'iat', 'exp'],
          clockTolerance: acceptExpired ? Number.MAX_SAFE_INTEGER : clockTolerance,
          ...(acceptExpired ? {} : { maxTokenAge: lifetime }),
        })
        // Nothing signed here lives longer, and who else may have signed it must not choose how long it does.
        if (!acceptExpired && Number(payload.exp) - Number(payload.iat) > lifetime) throw new Problem('invalid-token')
        const claims = { userId: String(payload.sub), sessionId: String(payload.sid) }
        const expiresAt = Math.min(Number(payload.exp), Number(payload.iat) + lifetime) + clockTolerance
        if (!acceptExpired) genuine.set(token, claims, expiresAt * 1000)
        return claims
      } catch (error) {
        // Not only JOSEErrors: a confused algorithm surfaces as a TypeError.
        throw error instanceof Problem ? error : new Problem('invalid-token', { cause: error })
      }
    },
  }
}

async function importSecret(secret: string): Promise<{ id: string; key: webcrypto.CryptoKey }> {
  const bytes = new TextEncoder().encode(secret)
  const id = await calculateJwkThumbprint({ kty: 'oct', k: base64url.encode(bytes) })
  // A CryptoKey made once: jose turns any other form into one at each call.
  const key = await webcrypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, [
    'sign',
    'verify',
  ])
  return { id, key }
}

/** A key for another purpose, independent of the signing key although made from the same secret (RFC 5869). */
export function deriveKey(secret: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', createHash('sha256').update(secret).digest(), '', purpose, 32))
}
