import type { components } from '../../generated/openapi.ts'
import type { Tx } from '../db/database.ts'
import { insertRefreshToken } from '../queries/refreshTokens.ts'
import type { Actor } from '../security/actor.ts'
import { hashSecret } from '../security/secrets.ts'
import type { Tokens } from '../security/tokens.ts'

export type TokenPair = components['schemas']['TokenPair']

/** Stores the refresh token (its hash) as the session's live one and answers the pair. */
export async function issueTokens(
  tx: Tx,
  tokens: Tokens,
  { actor, refreshToken, idleMinutes }: { actor: Actor; refreshToken: string; idleMinutes: number },
): Promise<TokenPair> {
  const hash = hashSecret(refreshToken)
  const refreshSeconds = await insertRefreshToken(tx, { hash, sessionId: actor.sessionId, idleMinutes })
  return tokenPair(tokens, actor, refreshToken, refreshSeconds)
}

/** A pair around a refresh token that is stored already. */
export async function tokenPair(
  tokens: Tokens,
  actor: Actor,
  refreshToken: string,
  refreshSeconds: number,
): Promise<TokenPair> {
  return {
    access_token: await tokens.sign(actor),
    token_type: 'Bearer',
    expires_in: tokens.lifetime,
    refresh_token: refreshToken,
    refresh_expires_in: refreshSeconds,
  }
}
