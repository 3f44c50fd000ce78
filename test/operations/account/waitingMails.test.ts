import { sendMail } from '../../../src/jobs/sendMail.ts'
import { startMailApi, type MailApi } from '../../support/mailbox.ts'
import { password, signInAs, type SignedIn } from '../../support/people.ts'

describe('a reset mail too many, while it waits', () => {
  let api: MailApi
  let person: SignedIn
  beforeAll(async () => {
    api = await startMailApi()
  })
  afterAll(() => api.close())

  const waiting = () =>
    api.database.query<{ attempts: number }>(`SELECT attempts FROM outbox WHERE kind = 'password-reset'`)

  beforeEach(async () => {
    await api.database.query('DELETE FROM outbox')
    person = await signInAs(api, 'user')
    const body = { email: person.user.email }
    await api.send('POST', '/v1/auth/password/forgot', { body })
    await sendMail(api.context)
    await api.database.query('DELETE FROM mail_tokens')
    await api.send('POST', '/v1/auth/password/forgot', { body })
    await sendMail(api.context)
    expect(await waiting()).toHaveLength(1)
  })

  test('has been looked at, not tried: the first failure to deliver it puts it off for seconds', async () => {
    for (let look = 0; look < 3; look += 1) {
      await api.database.query('UPDATE outbox SET next_attempt_at = now()')
      await sendMail(api.context)
    }
    expect(await waiting()).toEqual([{ attempts: 0 }])
  })

  test('PWD-14! is taken back when a new password is set', async () => {
    const body = { current_password: password, new_password: 'eleven calm otters' }
    expect((await api.send('PUT', '/v1/auth/password', { token: person.token, body })).status).toBe(204)
    expect(await waiting()).toEqual([])
  })
})
