import type { Passwords } from '../../security/passwords.ts'
import type { SoundRow } from './readRow.ts'

export interface HashedRow extends SoundRow {
  passwordHash: string
}

/**
 * Gives each row what is kept of its password: its hash, the one it brought, or one that no password fits. One is hashed
 * at a time and when no login waits, so that people who sign in notice nothing. `onHash` is called before each.
 */
export async function hashPasswords(
  rows: SoundRow[],
  passwords: Passwords,
  { isDryRun, onHash, signal }: { isDryRun: boolean; onHash: () => Promise<void>; signal?: AbortSignal | undefined },
): Promise<HashedRow[]> {
  const hashed: HashedRow[] = []
  for (const row of rows) {
    const { password, password_hash: given } = row.user
    if (password !== undefined && !isDryRun) {
      await onHash()
      hashed.push({ ...row, passwordHash: await passwords.hashWhenIdle(password, signal) })
    } else hashed.push({ ...row, passwordHash: given ?? passwords.unknownPassword() })
  }
  return hashed
}
