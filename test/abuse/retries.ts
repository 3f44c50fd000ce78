import { randomUUID } from 'node:crypto'
import type { Answer } from '../support/checkAnswer.ts'
import { addPerson, signInAs } from '../support/people.ts'
import { createUnder, newAccount } from '../support/retries.ts'
import type { Asked, Row, Stage, Story } from './table.ts'

const failed = { status: 412, type: 'precondition-failed' } as const
const invalid = { status: 400, type: 'validation-failed' } as const
const changed = ['users', 'audit_events'] as const

const methods = ['PUT', 'PATCH', 'DELETE'] as const
const bodies = { PUT: newAccount, PATCH: () => ({ first_name: 'Joan' }), DELETE: () => undefined }

/** Asks for a change of somebody new, under a condition made from the current tag. */
const changeIf = (method: (typeof methods)[number], condition?: (tag: string) => string) => {
  return async ({ api, admin }: Stage): Promise<Asked> => {
    const path = `/v1/users/${(await addPerson(api)).id}`
    const { headers } = await api.send('GET', path, { token: admin.token })
    const { password: _, ...profile } = { password: '', ...bodies[method]() }
    const whole =
      method === 'PUT' ? { ...profile, first_name: null, last_name: null, role: 'user', is_active: true } : profile
    return {
      ...{ method, path },
      ...(method !== 'DELETE' && { body: whole }),
      ...(condition && { headers: { 'if-match': condition(headers.etag ?? '') } }),
    }
  }
}
const namesCurrent = ({ headers }: Answer) => expect(headers.etag).toMatch(/^"1-[\w-]{16}"$/)

/** Changes and creations that come late, twice or under a name of somebody else. */
export const retries: Row[] = [
  ...methods.map((method): Row => ({
    id: 'ABU-97',
    exchange: `${method} without If-Match, which is not demanded`,
    as: 'admin',
    ask: changeIf(method),
    status: method === 'DELETE' ? 204 : 200,
    changes: changed,
  })),
  ...methods.map((method): Row => ({
    id: 'ABU-98',
    exchange: `${method} with a stale If-Match`,
    as: 'admin',
    ask: changeIf(method, (tag) => tag.replace('"1-', '"2-')),
    ...failed,
    check: namesCurrent,
  })),
  {
    id: 'ABU-99',
    exchange: 'If-Match with a weak tag',
    as: 'admin',
    ask: changeIf('PATCH', (tag) => `W/${tag}`),
    ...failed,
    check: namesCurrent,
  },
  { id: 'ABU-99', exchange: 'If-Match without quotes', as: 'admin', ask: changeIf('PATCH', () => '5'), ...invalid },
  { id: 'ABU-99', exchange: 'If-Match: "5", *', as: 'admin', ask: changeIf('PATCH', () => '"5", *'), ...invalid },
  {
    id: 'ABU-101',
    exchange: 'the same Idempotency-Key with another body',
    as: 'admin',
    ask: async ({ api, admin }) => {
      const key = randomUUID()
      await createUnder(key, newAccount(), { on: api, token: admin.token })
      return { method: 'POST', path: '/v1/users', headers: { 'idempotency-key': key }, body: newAccount() }
    },
    status: 422,
    type: 'idempotency-key-reused',
  },
  {
    id: 'ABU-103',
    exchange: "somebody else's Idempotency-Key",
    as: 'admin',
    ask: async ({ api }) => {
      const [key, { token }] = [randomUUID(), await signInAs(api, 'admin')]
      await createUnder(key, newAccount(), { on: api, token })
      return { method: 'POST', path: '/v1/users', headers: { 'idempotency-key': key }, body: newAccount() }
    },
    status: 201,
    changes: [...changed, 'idempotency_keys'],
    check: ({ headers }) => expect(headers).not.toHaveProperty('idempotent-replayed'),
  },
]

export const retryStories: Story[] = [
  {
    id: 'ABU-102',
    exchange: 'the same Idempotency-Key twice at once',
    tell: async ({ api, admin }) => {
      const [key, body] = [randomUUID(), newAccount()]
      const send = () => createUnder(key, body, { on: api, token: admin.token, isReplay: 'perhaps' })
      const [one, two] = await Promise.all([send(), send()])
      expect([one.status, two.status, two.text]).toEqual([201, 201, one.text])
      const { username } = body
      expect(await api.database.query('SELECT id FROM users WHERE username = $1', [username])).toHaveLength(1)
    },
  },
]
