import type { Db } from '../db/database.ts'
import { findSessionOfToken } from '../queries/refreshTokens.ts'
import { hashSecret } from './secrets.ts'

/** The session that a refresh token was given out for, spent or not; undefined where it never was. */
export function findRefreshSession(db: Db, refreshToken: string): Promise<string | undefined> {
  return findSessionOfToken(db, hashSecret(refreshToken))
}
