import type { Api } from './api.ts'
import type { Answer } from './checkAnswer.ts'
import { password, uniqueName } from './people.ts'

/** The body of a creation or a registration that nobody has made yet. */
export function newAccount(changes: object = {}): Record<string, unknown> & { username: string; email: string } {
  const username = uniqueName('keyed')
  return { username, email: `${username}@example.com`, password, ...changes }
}

/** Creates a user under an `Idempotency-Key`; a replay leaves no audit event. */
export function createUnder(
  key: string,
  body: object,
  { on, token, isReplay = false }: { on: Api; token: string; isReplay?: boolean | 'perhaps' },
): Promise<Answer> {
  return on.send('POST', '/v1/users', { token, headers: { 'idempotency-key': key }, body, isNoChange: isReplay })
}

export const idOf = ({ body }: Answer): string => (body as { id: string }).id
