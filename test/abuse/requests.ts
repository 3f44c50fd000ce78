import { absentUser, marker, type Asked, type Row } from './table.ts'

const list = (query: string, headers: Record<string, string> = {}): Asked => {
  return { method: 'GET', path: '/v1/users', query, headers }
}
const invalid = { status: 400, type: 'validation-failed' } as const
const notAllowed = { status: 405, type: 'method-not-allowed' } as const

const wrongMethods: [method: string, path: string, allowed: string][] = [
  ['PUT', '/v1/users', 'POST, GET, HEAD, OPTIONS'],
  ['DELETE', '/v1/users', 'POST, GET, HEAD, OPTIONS'],
  ['PATCH', '/v1/auth/login', 'POST, OPTIONS'],
]

const wrongLimits = ['limit=0', 'limit=-1', 'limit=-0', 'limit=1.0', 'limit=1e3', 'limit=100000000000000000000']
const wrongLists = ['limit=NaN', 'limit=1&limit=2', 'limit[]=1', 'sort=id;select%20pg_sleep(5)']

/** Methods, media types, paths, queries. */
export const requests: Row[] = [
  ...wrongMethods.map(([method, path, allowed]): Row => ({
    id: 'ABU-50',
    exchange: `${method} ${path}`,
    as: 'admin',
    ask: { method, path, body: {} },
    ...notAllowed,
    check: ({ headers }) => expect(headers.allow?.split(', ').sort()).toEqual(allowed.split(', ').sort()),
  })),
  {
    id: 'ABU-26',
    exchange: "the identifier ' OR 1=1--",
    ask: { method: 'POST', path: '/v1/auth/login', body: { identifier: "' OR 1=1--", password: marker } },
    status: 401,
    type: 'invalid-credentials',
    changes: ['audit_events'],
  },
  {
    id: 'ABU-26',
    exchange: "the id ' OR 1=1--",
    as: 'admin',
    ask: { method: 'GET', path: `/v1/users/'%20OR%201=1--` },
    ...invalid,
  },
  {
    id: 'ABU-26',
    exchange: 'the username "; DROP',
    as: 'user',
    ask: ({ user }) => ({ method: 'PATCH', path: `/v1/users/${user.user.id}`, body: { username: '"; DROP' } }),
    ...invalid,
  },
  {
    id: 'ABU-70',
    exchange: 'Accept: text/html',
    as: 'admin',
    ask: list('', { accept: 'text/html' }),
    status: 406,
    type: 'not-acceptable',
  },
  ...['br', 'gzip', 'bogus'].map((coding): Row => ({
    id: 'ABU-71',
    exchange: `Content-Encoding: ${coding}`,
    ask: {
      method: 'POST',
      path: '/v1/auth/login',
      raw: '{}',
      headers: { 'content-type': 'application/json', 'content-encoding': coding },
    },
    status: 415,
    type: 'unsupported-media-type',
  })),
  ...[...wrongLimits, ...wrongLists].map((query): Row => ({
    id: query.startsWith('sort') ? 'ABU-26' : 'ABU-85',
    exchange: query,
    as: 'admin',
    ask: list(query),
    ...invalid,
  })),
  ...[
    (cursor: string) => `cursor=${cursor.slice(0, -1)}`,
    (cursor: string) => `cursor=${cursor.startsWith('W') ? 'X' : 'W'}${cursor.slice(1)}`,
    (cursor: string) => `cursor=${cursor}&role=user`,
    (cursor: string) => `cursor=${cursor}&sort=created_at`,
  ].map((misuse): Row => ({
    id: 'ABU-86',
    exchange: `a cursor cut, edited or taken to another list: ${misuse('…')}`,
    as: 'admin',
    ask: async ({ api, admin }) => {
      const { body } = await api.send('GET', '/v1/users', { token: admin.token, query: 'limit=1' })
      const { page } = body as { page: { next_cursor: string } }
      return list(misuse(page.next_cursor))
    },
    status: 400,
    type: 'invalid-cursor',
  })),
  {
    id: 'ABU-86',
    exchange: 'another reader’s cursor: it belongs to its list, and both may read that',
    as: 'moderator',
    ask: async ({ api, admin }) => {
      const { body } = await api.send('GET', '/v1/users', { token: admin.token, query: 'limit=1' })
      const { page } = body as { page: { next_cursor: string } }
      return list(`cursor=${page.next_cursor}`)
    },
    status: 200,
  },
  { id: 'ABU-86', exchange: 'a cursor of 5 KB', as: 'admin', ask: list(`cursor=${'a'.repeat(5000)}`), ...invalid },
  {
    id: 'ABU-86',
    exchange: 'a cursor of 10 KB',
    as: 'admin',
    ask: list(`cursor=${'a'.repeat(10_000)}`),
    status: 414,
    type: 'uri-too-long',
  },
  ...[
    'ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    '00-00000000000000000000000000000000-0000000000000000-01',
    '00-0AF7651916CD43DD8448EB211C80319C-B7AD6B7169203331-01',
    `00-${'a'.repeat(10_000)}-b7ad6b7169203331-01`,
  ].map((traceparent): Row => ({
    id: 'ABU-111',
    exchange: `traceparent ${traceparent.slice(0, 40)}`,
    as: 'admin',
    ask: list('limit=1', { traceparent }),
    status: 200,
    check: ({ headers }, { api }) => {
      const line = api.log.findLast((each) => each.request_id === headers['x-request-id'])
      expect(line).toMatchObject({ status: 200 })
      expect(line?.trace_id).toMatch(/^[0-9a-f]{32}$/)
      expect(traceparent).not.toContain(line?.trace_id)
    },
  })),
  ...[absentUser, '/v1/users'].map((path): Row => ({
    id: 'ABU-117',
    exchange: `an invalid body to ${path}, of a stranger`,
    ask: { method: path === absentUser ? 'PATCH' : 'POST', path, body: { nonsense: marker } },
    status: 401,
    type: 'unauthenticated',
  })),
  {
    id: 'ABU-117',
    exchange: 'an invalid body to an administrators’ route, of a user',
    as: 'user',
    ask: { method: 'POST', path: '/v1/users', body: { nonsense: marker } },
    status: 403,
    type: 'forbidden',
  },
]
