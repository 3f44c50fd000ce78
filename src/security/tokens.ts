import { randomUUID } from 'node:crypto'
import { SignJWT, decodeProtectedHeader, jwtVerify } from 'jose'
import { Problem } from '../problem.ts'
import type { Actor } from './actor.ts'
import type { KeyRing } from './keyRing.ts'
import type { VerificationKey } from './keys.ts'
import { clockTolerance } from './keyTimeline.ts'
import { createExpiringMap } from './expiringMap.ts'

const type = 'at+jwt' // RFC 9068 section 2.1
const audience = 'user-management-api'
const longestToken = 8 * 1024
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const mostRemembered = 10_000

export interface TokenSettings {
  keys: KeyRing
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

/** Access tokens: JWTs after RFC 9068, each signed by a key that its header names. */
export function createTokens({ keys, issuer, lifetime }: TokenSettings): Tokens {
  // A signature costs more to check than all else a request does with its token, and once genuine it stays so.
  const genuine = createExpiringMap<Claims & { kid: string }>(mostRemembered)

  return {
    lifetime,
    sign(actor) {
      const { kid, algorithm, signingKey } = keys.signingKey()
      return new SignJWT({ sid: actor.sessionId, role: actor.role })
        .setProtectedHeader({ alg: algorithm, typ: type, kid })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(actor.id)
        .setJti(randomUUID())
        .setIssuedAt()
        .setExpirationTime(`${lifetime}s`)
        .sign(signingKey)
    },

    async verify(token, { acceptExpired } = { acceptExpired: false }) {
      if (token.length > longestToken) throw new Problem('invalid-token')
      const known = genuine.get(token)
      // Taking a key away makes its tokens void at once.
      if (known && keys.find(known.kid)) return known
      try {
        const { kid, algorithm, verifyingKey } = keyOf(token, keys)
        const { payload } = await jwtVerify(token, verifyingKey, {
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
        const claims = { userId: readId(payload.sub), sessionId: readId(payload.sid), kid }
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

/**
 * The key that a token's header names. A header of ours has three members; anything else in it (`crit`, `jku`, `jwk`,
 * `zip` …) is somebody else's doing. The name is compared with those of our keys and used for nothing besides.
 */
function keyOf(token: string, keys: KeyRing): VerificationKey {
  const header = decodeProtectedHeader(token)
  const isOurs = Object.keys(header).sort().join() === 'alg,kid,typ'
  const key = isOurs && typeof header.kid === 'string' ? keys.find(header.kid) : undefined
  if (!key) throw new Problem('invalid-token')
  return key
}

function readId(claim: unknown): string {
  if (typeof claim === 'string' && uuid.test(claim)) return claim
  throw new Problem('invalid-token')
}
