import type { components } from '../../generated/openapi.ts'
import type { Tx } from '../db/database.ts'
import { insertRefreshToken } from '../queries/refreshTokens.ts'
import type { Actor } from '../security/actor.ts'
import { hashSecret } from '../security/secrets.ts'
import type { Tokens } from '../security/tokens.ts'

export type TokenPair = components['schemas']['TokenPair']

/** What a transaction leaves behind for the pair to be made of. */
export interface Issued {
  actor: Actor
  refreshToken: string
  /** How long the refresh token is good for. */
  refreshSeconds: number
}

/** Stores the refresh token (its hash) as the session's live one. */
export async function issueRefreshToken(
  tx: Tx,
  { actor, refreshToken, idleMinutes }: { actor: Actor; refreshToken: string; idleMinutes: number },
): Promise<Issued> {
  const hash = hashSecret(refreshToken)
  const refreshSeconds = await insertRefreshToken(tx, { hash, sessionId: actor.sessionId, idleMinutes })
  return { actor, refreshToken, refreshSeconds }
}

/** The pair, for after the commit: locks are not held while a signature is computed. */
export async function signPair(tokens: Tokens, { actor, refreshToken, refreshSeconds }: Issued): Promise<TokenPair> {
  return {
    access_token: await tokens.sign(actor),
    token_type: 'Bearer',
    expires_in: tokens.lifetime,
    refresh_token: refreshToken,
    refresh_expires_in: refreshSeconds,
  }
}
