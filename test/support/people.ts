import { v7 as uuidv7 } from 'uuid'
import type { components } from '../../generated/openapi.ts'
import { inTransaction } from '../../src/db/transaction.ts'
import { addUser } from '../../src/domain/addUser.ts'
import type { Api } from './api.ts'

type User = components['schemas']['User']
type LoginResult = components['schemas']['LoginResult']

export const password = 'copper kettle on the moon'
let count = 0

/** A name nobody else in this file has. */
export function uniqueName(prefix = 'person'): string {
  count += 1
  return `${prefix}.${count}`
}

/** Puts a user straight into the database; the password is `password`. */
export async function addPerson(
  api: Api,
  { role = 'user', name = uniqueName(role) }: { role?: User['role']; name?: string } = {},
): Promise<User> {
  const passwordHash = await api.context.passwords.hash(password)
  const client = { ip: '127.0.0.1', userAgent: undefined, requestId: uuidv7(), traceId: undefined }
  const account = {
    username: name,
    email: `${name}@example.com`,
    first_name: 'Jane',
    last_name: 'Roe',
    role,
    passwordHash,
  }
  const row = await inTransaction(api.context.db, (tx) => addUser(tx, account, { actor: undefined, client }))
  return row
}

export interface SignedIn {
  user: User
  token: string
  refreshToken: string
}

/** Signs somebody in over HTTP. */
export async function signIn(api: Api, username: string): Promise<SignedIn> {
  const answer = await api.send('POST', '/v1/auth/login', { body: { identifier: username, password } })
  if (answer.status !== 200) throw new Error(`${username} could not sign in: ${answer.text}`)
  const result: LoginResult = answer.body
  return { user: result.user, token: result.access_token, refreshToken: result.refresh_token }
}

/** Somebody new with this role, signed in. */
export async function signInAs(api: Api, role: User['role']): Promise<SignedIn> {
  return signIn(api, (await addPerson(api, { role })).username)
}
