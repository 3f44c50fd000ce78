import { inTransaction } from '../../../src/db/transaction.ts'
import { lockUser } from '../../../src/queries/users.ts'
import type { Sent } from '../../support/api.ts'
import { newestToken, startMailApi } from '../../support/mailbox.ts'
import { signInAs, type SignedIn } from '../../support/people.ts'
import { until } from '../../support/service.ts'

/** Whoever holds the user may go on to the tokens (a new password, another address): redeeming has to wait before them. */
test.each<[string, (person: SignedIn) => [string, Sent], (token: string) => [string, object]]>([
  [
    'resetPassword',
    ({ user }) => ['/v1/auth/password/forgot', { body: { email: user.email } }],
    (token) => ['/v1/auth/password/reset', { token, new_password: 'eleven calm otters' }],
  ],
  [
    'verifyEmail',
    ({ token }) => ['/v1/auth/email/verify/resend', { token }],
    (token) => ['/v1/auth/email/verify', { token }],
  ],
])('%s locks the user first, then the token', async (_name, ask, redeem) => {
  await using api = await startMailApi()
  const person = await signInAs(api, 'user')
  await api.send('POST', ...ask(person))
  const [path, body] = redeem(await newestToken(api, person.user.email))
  const waiting = `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
  const answer = await inTransaction(api.context.db, async (tx) => {
    await lockUser(tx, person.user.id)
    const pending = api.send('POST', path, { body })
    await until(async () => (await api.database.query(waiting))[0])
    const free = 'SELECT purpose FROM mail_tokens WHERE user_id = $1 FOR UPDATE SKIP LOCKED'
    expect(await api.database.query(free, [person.user.id])).toHaveLength(1)
    return { pending }
  })
  expect((await answer.pending).status).toBe(204)
})
