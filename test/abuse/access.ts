import { addPerson, password, signInAs } from '../support/people.ts'
import { forge } from './tokens.ts'
import { absentUser, marker, type Asked, type Row, type Stage } from './table.ts'

const forbidden = { status: 403, type: 'forbidden' } as const
const invalid = { status: 400, type: 'validation-failed' } as const

const patch = (id: string, body: object): Asked => ({ method: 'PATCH', path: `/v1/users/${id}`, body })
const patchSelf = (body: object) => {
  return ({ user }: Stage) => patch(user.user.id, body)
}
const logIn = (identifier: string, secret = marker): Asked => {
  return { method: 'POST', path: '/v1/auth/login', body: { identifier, password: secret } }
}

/** Who may do what, and who is signed in. */
export const access: Row[] = [
  {
    id: 'ABU-19',
    exchange: 'a password of 10 000 characters',
    ask: ({ user }) => logIn(user.user.username, password.padEnd(10_000, 'x')),
    status: 401,
    type: 'invalid-credentials',
    changes: ['audit_events'],
  },
  {
    id: 'ABU-49',
    exchange: 'a refresh token used before, after the grace',
    ask: async ({ api }) => {
      const { refreshToken } = await signInAs(api, 'user')
      const body = { refresh_token: refreshToken }
      await api.send('POST', '/v1/auth/refresh', { body })
      await api.database.query(
        "UPDATE refresh_tokens SET spent_at = spent_at - interval '11 s' WHERE spent_at IS NOT NULL",
      )
      return { method: 'POST', path: '/v1/auth/refresh', body }
    },
    status: 401,
    type: 'token-reused',
    changes: ['sessions', 'audit_events'],
    check: async (_answer, { api }) => {
      const ended = await api.database.query("SELECT id FROM sessions WHERE end_reason = 'token-reused'")
      const events = await api.database.query("SELECT id FROM audit_events WHERE action = 'session.token-reused'")
      expect([ended.length, events.length]).toEqual([1, 1])
    },
  },
  ...[{ role: 'admin' }, { is_active: true }].map((body): Row => ({
    id: 'ABU-73',
    exchange: `PATCH self ${JSON.stringify(body)}`,
    as: 'user',
    ask: patchSelf(body),
    ...forbidden,
    check: (answer) => expect(answer.body).toMatchObject({ errors: [{ pointer: `/${Object.keys(body)[0]}` }] }),
  })),
  {
    id: 'ABU-73',
    exchange: 'PATCH self email_verified',
    as: 'user',
    ask: patchSelf({ email_verified: true }),
    ...invalid,
  },
  ...[{ role: 'admin' }, { role: 'admin', id: 'x', version: 9, password_hash: marker }].map((more): Row => ({
    id: 'ABU-74',
    exchange: `PUT self with ${Object.keys(more).join(', ')}`,
    as: 'user',
    ask: ({ user }) => {
      const { username, email, first_name, last_name } = user.user
      const body = { username, email, first_name, last_name, ...more }
      return { method: 'PUT', path: `/v1/users/${user.user.id}`, body }
    },
    ...('id' in more ? invalid : forbidden),
  })),
  {
    id: 'ABU-77',
    exchange: 'another id in the body than in the path',
    as: 'admin',
    ask: ({ user, moderator }) => patch(user.user.id, { id: moderator.user.id, first_name: 'Joan' }),
    ...invalid,
  },
  ...(['PATCH', 'DELETE'] as const).map((method): Row => ({
    id: 'ABU-78',
    exchange: `moderator: ${method} an administrator`,
    as: 'moderator',
    ask: ({ admin }) => ({
      method,
      path: `/v1/users/${admin.user.id}`,
      ...(method === 'PATCH' && { body: { is_active: false } }),
    }),
    ...forbidden,
    check: ({ headers }, { api, moderator }) => {
      const line = api.log.findLast((each) => each.request_id === headers['x-request-id'])
      expect(line).toMatchObject({ status: 403, actor_id: moderator.user.id })
    },
  })),
  ...['admin', 'moderator'].map((role): Row => ({
    id: 'ABU-79',
    exchange: `moderator: POST with the role ${role}`,
    as: 'moderator',
    ask: { method: 'POST', path: '/v1/users', body: { username: 'eve.one', email: 'eve@example.com', password, role } },
    ...forbidden,
  })),
  {
    id: 'ABU-82',
    exchange: 'an administrator steps down where another stays',
    ask: async ({ api }) => {
      const { token, user } = await signInAs(api, 'admin')
      return { ...patch(user.id, { role: 'user' }), token }
    },
    status: 200,
    changes: ['users', 'audit_events'],
    check: ({ body }) => expect(body).toMatchObject({ role: 'user' }),
  },
  {
    id: 'ABU-83',
    exchange: 'include_deleted=true of a user',
    as: 'user',
    ask: { method: 'GET', path: '/v1/users', query: 'include_deleted=true' },
    ...forbidden,
  },
  {
    id: 'ABU-83',
    exchange: 'include_deleted=true of a moderator',
    as: 'moderator',
    ask: { method: 'GET', path: '/v1/users', query: 'include_deleted=true' },
    ...invalid,
  },
  {
    id: 'ABU-105',
    exchange: 'logout again',
    ask: async ({ api }) => {
      const { token } = await signInAs(api, 'user')
      await api.send('POST', '/v1/auth/logout', { token })
      return { method: 'POST', path: '/v1/auth/logout', token, isNoChange: true }
    },
    status: 204,
  },
  {
    id: 'ABU-105',
    exchange: 'logout with an expired token, of a session that has ended',
    ask: async (stage) => {
      const { token } = await signInAs(stage.api, 'user')
      await stage.api.send('POST', '/v1/auth/logout', { token })
      const claims = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as Record<string, unknown>
      const expired = forge(stage, {}, { ...claims, iat: 1_600_000_000, exp: 1_600_000_900 })
      return { method: 'POST', path: '/v1/auth/logout', token: expired, isNoChange: true }
    },
    status: 204,
  },
  {
    id: 'ABU-105',
    exchange: 'logout with a garbage refresh token',
    ask: async ({ api }) => {
      const { token } = await signInAs(api, 'user')
      return { method: 'POST', path: '/v1/auth/logout', token, body: { refresh_token: marker } }
    },
    status: 204,
    changes: ['sessions', 'audit_events'],
  },
  ...(['DELETE', 'PATCH'] as const).map((method): Row => ({
    id: 'ABU-107',
    exchange: `${method} after DELETE`,
    as: 'admin',
    ask: async ({ api, admin }) => {
      const path = `/v1/users/${(await addPerson(api)).id}`
      expect((await api.send('DELETE', path, { token: admin.token })).status).toBe(204)
      return { method, path, ...(method === 'PATCH' && { body: { first_name: 'Joan' } }) }
    },
    status: 404,
    type: 'not-found',
  })),
  {
    id: 'ABU-115',
    exchange: 'an id nobody has',
    as: 'admin',
    ask: { method: 'GET', path: absentUser },
    status: 404,
    type: 'not-found',
  },
]
