import type { Answer } from '../../support/checkAnswer.ts'
import { logIn, newAddress } from '../../support/logins.ts'
import { startMailApi, type MailApi } from '../../support/mailbox.ts'
import { addPerson, password, signIn, signInAs } from '../../support/people.ts'
import { eventsOf, storedUser } from '../../support/trail.ts'

const home = '192.0.2.10'
const newPassword = 'eleven calm otters'

describe('changePassword', () => {
  let api: MailApi
  beforeAll(async () => {
    api = await startMailApi({ env: { TRUST_PROXY: '1' } })
  })
  afterAll(() => api.close())

  const change = (token: string, body: object, from = home) =>
    api.send('PUT', '/v1/auth/password', { token, body, headers: { 'x-forwarded-for': from } })
  /** Somebody who has signed in at home. */
  const homeOf = async (name: string) => {
    const { username, id } = await addPerson(api, { name })
    const { body } = await logIn(api, username, { from: home, secret: password })
    return { username, id, token: (body as { access_token: string }).access_token }
  }
  const statusesInTurn = async (count: number, send: () => Promise<Answer>) => {
    const statuses: number[] = []
    for (let round = 0; round < count; round += 1) statuses.push((await send()).status)
    return statuses
  }
  const me = async (token: string) => (await api.send('GET', '/v1/auth/me', { token })).status
  const refresh = async (token: string) =>
    (await api.send('POST', '/v1/auth/refresh', { body: { refresh_token: token } })).status
  const login = async (identifier: string, chosen: string) =>
    (await api.send('POST', '/v1/auth/login', { body: { identifier, password: chosen } })).status

  test('PWD-14! sets the password, ends every other session and tells the person', async () => {
    const person = await signInAs(api, 'user')
    const other = await signIn(api, person.user.username)
    expect(await me(other.token)).toBe(200)
    const answer = await change(person.token, { current_password: password, new_password: newPassword })
    expect([answer.status, answer.text]).toEqual([204, ''])
    expect([await me(other.token), await refresh(other.refreshToken)]).toEqual([401, 401])
    expect([await me(person.token), await refresh(person.refreshToken)]).toEqual([200, 200])
    expect(await login(person.user.username, password)).toBe(401)
    expect(await login(person.user.username, newPassword)).toBe(200)
    expect(await eventsOf(api, answer)).toMatchObject([
      { action: 'password.changed', actor_id: person.user.id, changes: {} },
      { action: 'session.ended', subject_id: person.user.id, changes: { end_reason: { after: 'password-changed' } } },
    ])
    const mails = await api.mailsTo(person.user.email)
    expect(mails.map(({ subject, token }) => [subject, token])).toEqual([
      ['The password of your account at User Management API was changed', undefined],
    ])
  })

  test('PWD-13! ABU-93 wants the current password, and writes down who lacks it', async () => {
    const { user, token } = await signInAs(api, 'user')
    const { password_hash: hash } = await storedUser(api, user.id)
    const without = await change(token, { new_password: newPassword })
    expect([without.status, without.body]).toMatchObject([400, { errors: [{ pointer: '/current_password' }] }])
    for (const wrong of [`${password} `, password.toUpperCase(), 'x', 'x'.repeat(10_000)]) {
      const answer = await change(token, { current_password: wrong, new_password: newPassword })
      expect([answer.status, answer.body]).toMatchObject([401, { type: '/problems/invalid-credentials' }])
      expect(await eventsOf(api, answer)).toMatchObject([
        { action: 'password.change-failed', outcome: 'failure', actor_id: user.id, subject_id: user.id },
      ])
    }
    expect(await storedUser(api, user.id)).toMatchObject({ password_hash: hash, version: 1 })
    expect(await me(token)).toBe(200)
    expect(await api.mailsTo(user.email)).toEqual([])
  })

  test('PWD-13! BRU-08 wrong guesses are braked as those at the door are', async () => {
    const { username, token } = await homeOf('user.guessing')
    const guess = (from: string) => change(token, { current_password: 'x', new_password: newPassword }, from)
    expect(await statusesInTurn(11, () => guess(home))).toEqual([...Array<number>(10).fill(401), 429])
    const braked = await change(token, { current_password: password, new_password: newPassword }, home)
    expect([braked.status, braked.headers['retry-after']]).toEqual([429, expect.stringMatching(/^[1-9]\d*$/)])
    expect(await login(username, password)).toBe(200)
  })

  test('BRU-03! whoever guesses with a stolen token, wherever they are, does not keep out its owner', async () => {
    const { username, token } = await homeOf('user.robbed')
    const guess = () => change(token, { current_password: 'x', new_password: newPassword }, newAddress())
    expect(await statusesInTurn(11, guess)).toEqual([...Array<number>(10).fill(401), 429])
    expect((await change(token, { current_password: password, new_password: newPassword }, home)).status).toBe(204)
    expect(await login(username, newPassword)).toBe(200)
  })

  test('BRU-03! strangers who fail at the door do not keep an owner from changing the password, even elsewhere', async () => {
    const { username, token } = await homeOf('user.besieged')
    expect(await statusesInTurn(11, () => logIn(api, username, {}))).toContain(429)
    const body = { current_password: password, new_password: newPassword }
    expect((await change(token, body, newAddress())).status).toBe(204)
  })

  test('BRU-03! nor do strangers who give the id of the account for a name', async () => {
    const { username, id, token } = await homeOf('user.numbered')
    for (const name of [id, username, id.toUpperCase()]) await statusesInTurn(12, () => logIn(api, name, {}))
    const body = { current_password: password, new_password: newPassword }
    expect((await change(token, body, newAddress())).status).toBe(204)
  })

  test.each([
    ['passwordpassword', 422],
    ['short', 400],
    ['x'.repeat(129), 400],
    ['eleven calm\u0000otters', 400],
  ])('a new password like %j is refused', async (weak, status) => {
    const { token, user } = await signInAs(api, 'user')
    const answer = await change(token, { current_password: password, new_password: weak })
    expect([answer.status, answer.body]).toMatchObject([status, { errors: [{ pointer: '/new_password' }] }])
    expect(answer.text).not.toContain(weak)
    expect(await login(user.username, password)).toBe(200)
  })

  test('PWD-10! a password is the same in whichever form its characters are typed', async () => {
    const { token, user } = await signInAs(api, 'user')
    const composed = 'caf\u00e9 au lait \ufb01ne'
    expect((await change(token, { current_password: password, new_password: composed })).status).toBe(204)
    const typed = 'cafe\u0301 au lait fine'
    expect(await login(user.username, typed)).toBe(200)
    expect((await change(token, { current_password: typed, new_password: newPassword })).status).toBe(204)
  })

  test('of two changes at once one wins; the other proved a password that is no longer the current one', async () => {
    const { token, user } = await signInAs(api, 'user')
    const chosen = [`${newPassword} one`, `${newPassword} two`]
    const answers = await Promise.all(
      chosen.map((each) => change(token, { current_password: password, new_password: each })),
    )
    const statuses = answers.map(({ status }) => status)
    expect([...statuses].sort()).toEqual([204, 401])
    expect(await login(user.username, chosen[statuses.indexOf(204)]!)).toBe(200)
  })

  test('is for the own account only', async () => {
    const person = await addPerson(api)
    const { token } = await signInAs(api, 'admin')
    const body = { current_password: password, new_password: newPassword, user_id: person.id }
    const answer = await change(token, body)
    expect([answer.status, answer.body]).toMatchObject([400, { errors: [{ pointer: '/user_id' }] }])
    expect(await login(person.username, password)).toBe(200)
  })
})
