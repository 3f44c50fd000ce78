import type { Tx } from '../db/database.ts'
import { replaceMailToken, type MailTokenPurpose } from '../queries/mailTokens.ts'
import { createSecret, hashSecret } from '../security/secrets.ts'

/** How long the token of a mail is good for, in minutes. */
export const tokenMinutes = { verification: 24 * 60, reset: 30 }

/** Makes the token of a mail: only its hash is stored, and it voids the one before. */
export async function issueMailToken(
  tx: Tx,
  token: { purpose: MailTokenPurpose; userId: string; email: string },
): Promise<string> {
  const secret = createSecret()
  const minutes = token.purpose === 'password-reset' ? tokenMinutes.reset : tokenMinutes.verification
  await replaceMailToken(tx, { ...token, hash: hashSecret(secret), minutes })
  return secret
}
