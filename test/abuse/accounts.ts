import { newestToken, startMailApi } from '../support/mailbox.ts'
import { addPerson, password, signIn } from '../support/people.ts'
import { storedUser } from '../support/trail.ts'
import { marker, type Story } from './table.ts'

const newPassword = 'eleven calm otters'
const evilHosts = [{ host: 'evil.example' }, { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http' }]

/** What is done to the accounts, passwords and sessions of others. */
export const accounts: Story[] = [
  {
    id: 'ABU-93',
    exchange: 'a change of password without the current one, or with a wrong one',
    tell: async ({ api }) => {
      const { user, token } = await signIn(api, (await addPerson(api)).username)
      const before = await storedUser(api, user.id)
      const change = (body: object) => api.send('PUT', '/v1/auth/password', { token, body })
      expect((await change({ new_password: newPassword })).status).toBe(400)
      const wrong = await change({ current_password: marker, new_password: newPassword })
      expect(wrong).toMatchObject({ status: 401, body: { type: '/problems/invalid-credentials' } })
      expect(await storedUser(api, user.id)).toEqual(before)
    },
  },
  {
    id: 'ABU-94',
    exchange: 'the token of a reset: twice, for another purpose, after a change of the password',
    tell: async () => {
      await using api = await startMailApi()
      const person = await addPerson(api)
      const askForToken = async (): Promise<string> => {
        await api.ageMails('2 hours')
        await api.send('POST', '/v1/auth/password/forgot', { body: { email: person.email } })
        return newestToken(api, person.email)
      }
      const reset = async (token: string, chosen: string) =>
        (await api.send('POST', '/v1/auth/password/reset', { body: { token, new_password: chosen } })).status
      const once = await askForToken()
      expect((await api.send('POST', '/v1/auth/email/verify', { body: { token: once } })).status).toBe(401)
      expect([await reset(once, newPassword), await reset(once, `${newPassword} again`)]).toEqual([204, 401])
      const late = await askForToken()
      const { body } = await api.send('POST', '/v1/auth/login', {
        body: { identifier: person.username, password: newPassword },
      })
      const changed = await api.send('PUT', '/v1/auth/password', {
        token: (body as { access_token: string }).access_token,
        body: { current_password: newPassword, new_password: password },
      })
      expect([changed.status, await reset(late, newPassword)]).toEqual([204, 401])
      expect(await signIn(api, person.username)).toHaveProperty('token')
    },
  },
  {
    id: 'ABU-95',
    exchange: 'a reset asked for under the name of another host',
    tell: async () => {
      await using api = await startMailApi({ env: { PUBLIC_URL: 'https://users.example.com', TRUST_PROXY: '1' } })
      for (const headers of evilHosts) {
        const person = await addPerson(api)
        const sent = { body: { email: person.email }, headers: headers as Record<string, string> }
        expect((await api.send('POST', '/v1/auth/password/forgot', sent)).status).toBe(202)
        const [mail] = await api.mailsTo(person.email)
        expect(mail?.text).toContain('https://users.example.com/account/reset-password#token=')
        expect(`${mail?.text} ${mail?.html}`).not.toContain('evil.example')
      }
    },
  },
  {
    id: 'ABU-106',
    exchange: "the end of another user's session",
    tell: async ({ api, user, moderator }) => {
      const mine = await api.send('GET', '/v1/auth/sessions', { token: user.token })
      const [{ id }] = (mine.body as { data: [{ id: string }] }).data
      const ended = await api.send('DELETE', `/v1/auth/sessions/${id}`, { token: moderator.token })
      expect(ended).toMatchObject({ status: 404, body: { type: '/problems/not-found' } })
      expect((await api.send('GET', '/v1/auth/me', { token: user.token })).status).toBe(200)
    },
  },
]
