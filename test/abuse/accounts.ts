import { newestToken, startMailApi, type MailApi } from '../support/mailbox.ts'
import { addPerson, password, signInAs } from '../support/people.ts'
import { marker, type Story } from './table.ts'

const newPassword = 'seven quiet bicycles'

async function withMail(use: (api: MailApi) => Promise<void>): Promise<void> {
  await using api = await startMailApi({ env: { PUBLIC_URL: 'https://people.example.org' } })
  await use(api)
}

const ask = (api: MailApi, email: string, headers: Record<string, string> = {}) =>
  api.send('POST', '/v1/auth/password/forgot', { body: { email }, headers })
const reset = (api: MailApi, token: string) =>
  api.send('POST', '/v1/auth/password/reset', { body: { token, new_password: newPassword } })

/** Passwords that change, and sessions of others. */
export const accounts: Story[] = [
  {
    id: 'ABU-93',
    exchange: 'change the password without the current one, with a wrong one, with the right one',
    tell: async ({ api }) => {
      const { token } = await signInAs(api, 'user')
      const change = (body: object) => api.send('PUT', '/v1/auth/password', { token, body })
      const without = await change({ new_password: newPassword })
      expect(without).toMatchObject({ status: 400, body: { errors: [{ pointer: '/current_password' }] } })
      const wrong = await change({ current_password: marker, new_password: newPassword })
      expect(wrong.body).toMatchObject({ status: 401, type: '/problems/invalid-credentials' })
      expect((await change({ current_password: password, new_password: newPassword })).status).toBe(204)
    },
  },
  {
    id: 'ABU-94',
    exchange: 'a reset token twice, and one that a change of password has overtaken',
    tell: () =>
      withMail(async (api) => {
        const [once, overtaken] = [await addPerson(api), await signInAs(api, 'user')]
        await ask(api, once.email)
        const token = await newestToken(api, once.email)
        expect((await reset(api, token)).status).toBe(204)
        expect((await reset(api, token)).body).toMatchObject({ status: 401, type: '/problems/invalid-token' })

        await ask(api, overtaken.user.email)
        const late = await newestToken(api, overtaken.user.email)
        const body = { current_password: password, new_password: 'a field of small lanterns' }
        await api.send('PUT', '/v1/auth/password', { token: overtaken.token, body })
        expect((await reset(api, late)).body).toMatchObject({ status: 401, type: '/problems/invalid-token' })
      }),
  },
  {
    id: 'ABU-95',
    exchange: 'ask for a reset with a forged Host and X-Forwarded-Host',
    tell: () =>
      withMail(async (api) => {
        const { email } = await addPerson(api)
        await ask(api, email, { host: 'evil.example', 'x-forwarded-host': 'evil.example' })
        const [mail] = await api.mailsTo(email)
        expect(mail?.text).toContain('https://people.example.org/')
        expect(`${mail?.text}${mail?.html}`).not.toContain('evil.example')
      }),
  },
  {
    id: 'ABU-106',
    exchange: "end another user's session",
    tell: async ({ api, user, moderator }) => {
      const sessions = await api.send('GET', '/v1/auth/sessions', { token: moderator.token })
      const [{ id }] = (sessions.body as { data: [{ id: string }] }).data
      const answer = await api.send('DELETE', `/v1/auth/sessions/${id}`, { token: user.token })
      expect(answer.body).toMatchObject({ status: 404, type: '/problems/not-found' })
      expect((await api.send('GET', '/v1/auth/me', { token: moderator.token })).status).toBe(200)
    },
  },
]
