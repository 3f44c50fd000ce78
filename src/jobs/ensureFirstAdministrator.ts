import { randomBytes } from 'node:crypto'
import type { Config } from '../config.ts'
import type { Db } from '../db/database.ts'
import { inTransaction } from '../db/transaction.ts'
import { addUser } from '../domain/addUser.ts'
import { Problem } from '../problem.ts'
import { lockAdministrators, hasAnyUser } from '../queries/users.ts'
import type { Passwords } from '../security/passwords.ts'
import { StartupError } from '../startupError.ts'

const client = { ip: '127.0.0.1', userAgent: undefined, requestId: 'first-administrator', traceId: undefined }

export interface FirstAdministrator {
  username: string
  /** Only where it was made here; nobody knows it but whoever reads it now. */
  generatedPassword: string | undefined
}

/**
 * Makes the first administrator of an empty database: the one the configuration names, or in development one with a
 * random password. Several instances may try at once; one of them does it. Undefined where there was nothing to do.
 */
export async function ensureFirstAdministrator({
  config: { admin, app },
  db,
  passwords,
}: {
  config: Config
  db: Db
  passwords: Passwords
}): Promise<FirstAdministrator | undefined> {
  const isDevelopment = app.environment === 'development'
  if ((admin.password === undefined && !isDevelopment) || (await hasAnyUser(db))) return undefined
  if (admin.password !== undefined) demandStrong(admin.password, admin, passwords)
  const generatedPassword = admin.password === undefined ? randomBytes(15).toString('base64url') : undefined
  const passwordHash = await passwords.hash(admin.password ?? generatedPassword ?? '')
  return inTransaction(db, async (tx) => {
    await lockAdministrators(tx)
    if (await hasAnyUser(tx)) return undefined
    const account = { username: admin.username, email: admin.email, passwordHash, role: 'admin' as const }
    await addUser(tx, account, { actor: undefined, client })
    return { username: admin.username, generatedPassword }
  })
}

function demandStrong(password: string, owner: { username: string; email: string }, passwords: Passwords): void {
  try {
    passwords.demandStrong(password, owner)
  } catch (error) {
    const reason = error instanceof Problem ? error.errors?.[0]?.detail : undefined
    throw new StartupError(`ADMIN_PASSWORD is refused. ${reason ?? ''}`.trim(), { cause: error })
  }
}
