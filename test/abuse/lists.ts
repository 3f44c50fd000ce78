import { addPerson } from '../support/people.ts'
import { absentUser, type Asked, type Row, type Story } from './table.ts'

const list = (query: string): Asked => ({ method: 'GET', path: '/v1/users', query })
const invalid = { status: 400, type: 'validation-failed' } as const
const absentEvent = absentUser.replace('users', 'audit-events')

/** What is asked of lists, of the trail and of exports. */
export const lists: Row[] = [
  ...['%25', '_', '*'].map((q): Row => ({
    id: 'ABU-27',
    exchange: `search for ${decodeURIComponent(q)}, which nobody has in the name`,
    as: 'admin',
    // Names of the stage have underscores; nobody has these two together.
    ask: list(`q=${q}~`),
    status: 200,
    check: (answer) => expect(answer.body).toMatchObject({ data: [] }),
  })),
  { id: 'ABU-27', exchange: 'search for 5 KB of a', as: 'admin', ask: list(`q=${'a'.repeat(5000)}`), ...invalid },
  ...['infinity', 'tomorrow', '2024-02-30', '2024-02-30T00:00:00Z', '294277-01-01T00:00:00Z', 'now'].map(
    (moment): Row => ({
      id: 'ABU-87',
      exchange: `created_from=${moment}`,
      as: 'admin',
      ask: list(`created_from=${moment}`),
      ...invalid,
      check: ({ body }) => {
        const { errors } = body as { errors: object[] }
        for (const error of errors) expect(error).toMatchObject({ in: 'query', name: 'created_from' })
      },
    }),
  ),
  ...['POST', 'PUT', 'PATCH', 'DELETE'].flatMap((method) =>
    ['/v1/audit-events', absentEvent].map((path): Row => ({
      id: 'ABU-109',
      exchange: `${method} ${path} as an administrator`,
      as: 'admin',
      ask: { method, path },
      status: 405,
      type: 'method-not-allowed',
    })),
  ),
  ...(['user', 'moderator'] as const).flatMap((as) =>
    ['/v1/audit-events', absentEvent, `${absentEvent}/proof`].map((path): Row => ({
      id: 'ABU-110',
      exchange: `GET ${path} as a ${as}`,
      as,
      ask: { method: 'GET', path },
      status: 403,
      type: 'forbidden',
    })),
  ),
]

export const listStories: Story[] = [
  {
    id: 'ABU-114',
    exchange: 'a user who is called like a formula, in an export for spreadsheets',
    tell: async ({ api, admin }) => {
      const formula = '=HYPERLINK("https://evil.example","click")'
      const { id } = await addPerson(api)
      await api.send('PATCH', `/v1/users/${id}`, { token: admin.token, body: { first_name: formula } })
      const headers = { accept: 'text/csv' }
      const { status, text } = await api.send('GET', '/v1/user-exports', { token: admin.token, headers })
      expect(status).toBe(200)
      expect(text).toContain(`"'${formula.replaceAll('"', '""')}"`)
      expect(text).not.toMatch(/(^|,)"?[=+@-]/m)
    },
  },
]
