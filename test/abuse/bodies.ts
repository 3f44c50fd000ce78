import { gzipSync } from 'node:zlib'
import { addPerson, uniqueName } from '../support/people.ts'
import { marker, type Asked, type Row, type Stage } from './table.ts'

const json = { 'content-type': 'application/json' }
const logIn = (raw: string | Buffer, headers: Record<string, string> = {}): Asked => {
  return { method: 'POST', path: '/v1/auth/login', raw, headers: { ...json, ...headers } }
}
const create = (body: object): Asked => ({ method: 'POST', path: '/v1/users', body: { ...account(), ...body } })
const createRaw = (member: string): Asked => {
  const raw = JSON.stringify(account()).replace('}', `,${member}}`)
  return { method: 'POST', path: '/v1/users', raw, headers: json }
}
const patchSelf = (body: unknown) => {
  return ({ user }: Stage): Asked => ({ method: 'PATCH', path: `/v1/users/${user.user.id}`, body })
}

function account() {
  const username = uniqueName('mallory')
  return { username, email: `${username}@example.com`, password: `${marker} and more` }
}

const malformed = { status: 400, type: 'malformed-json' } as const
const invalid = { status: 400, type: 'validation-failed' } as const
const unsupported = { status: 415, type: 'unsupported-media-type' } as const

/** JSON, its framing and its types. */
export const bodies: Row[] = [
  {
    id: 'ABU-01',
    exchange: 'login with a trailing comma',
    ask: logIn(`{"email":"a@x.io","password":"${marker}",}`),
    ...malformed,
  },
  {
    id: 'ABU-02',
    exchange: 'bytes that are not UTF-8',
    ask: logIn(Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0xfe, 0x22, 0x7d])),
    ...malformed,
    check: ({ text }) => expect(text).not.toContain('\ufffd'),
  },
  {
    id: 'ABU-03',
    exchange: 'a role given twice',
    as: 'admin',
    ask: createRaw('"role":"user","role":"admin"'),
    ...malformed,
  },
  {
    id: 'ABU-07',
    exchange: 'a gzip bomb',
    ask: () => logIn(gzipSync(Buffer.alloc(50_000_000)), { 'content-encoding': 'gzip' }),
    ...unsupported,
  },
  ...['text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=utf-7'].map((type): Row => ({
    id: type.includes('charset') ? 'ABU-10' : 'ABU-09',
    exchange: `JSON as ${type}`,
    ask: logIn(JSON.stringify({ identifier: 'admin', password: marker }), { 'content-type': type }),
    ...unsupported,
  })),
  ...['utf-16', 'latin1'].map((charset): Row => ({
    id: 'ABU-10',
    exchange: `charset ${charset}`,
    ask: logIn('{}', { 'content-type': `application/json; charset=${charset}` }),
    ...unsupported,
  })),
  ...['\u0000', '\u0001', '\n', '\u007f', '\u0085'].flatMap((control) =>
    ['username', 'email', 'first_name', 'password'].map((name): Row => ({
      id: 'ABU-11',
      exchange: `INP-04! ${JSON.stringify(control)} in ${name}`,
      as: 'admin',
      ask: () => create({ [name]: `jane${control}doe@example.com` }),
      ...invalid,
    })),
  ),
  {
    id: 'ABU-13',
    exchange: '__proto__',
    as: 'admin',
    ask: createRaw('"__proto__":{"role":"admin"}'),
    ...invalid,
    check: () => expect(({} as { role?: string }).role).toBeUndefined(),
  },
  {
    id: 'ABU-14',
    exchange: 'constructor.prototype',
    as: 'admin',
    ask: createRaw('"constructor":{"prototype":{"x":1}}'),
    ...invalid,
    check: () => expect(({} as { x?: number }).x).toBeUndefined(),
  },
  ...['1e400', '9007199254740993'].map((number): Row => ({
    id: 'ABU-15',
    exchange: `the number ${number} in a body`,
    as: 'admin',
    ask: createRaw(`"is_active":${number}`),
    ...malformed,
  })),
  ...['-0', '1.0'].map((number): Row => ({
    id: 'ABU-15',
    exchange: `the number ${number} where the contract has none`,
    as: 'admin',
    ask: createRaw(`"is_active":${number}`),
    ...invalid,
  })),
  { id: 'ABU-17', exchange: 'a byte order mark', ask: logIn('\ufeff{"identifier":"a","password":"b"}'), ...malformed },
  ...[{ is_active: 'false' }, { email: ['a@x.io'] }, { email: { $ne: '' } }].map((member): Row => ({
    id: 'ABU-18',
    exchange: `wrong type: ${JSON.stringify(member)}`,
    as: 'admin',
    ask: () => create(member),
    ...invalid,
  })),
  ...[(name: string) => `${name}2024!`, () => 'password1234'].map((passwordOf): Row => ({
    id: 'ABU-21',
    exchange: 'a password made of the username, or a breached one',
    as: 'admin',
    ask: () => create({ username: 'margaret.hamilton', password: passwordOf('margaret.hamilton') }),
    status: 422,
    type: 'weak-password',
    check: ({ body }) => expect(body).toMatchObject({ errors: [{ in: 'body', pointer: '/password' }] }),
  })),
  ...['a@x.io\r\nBcc: b@y.io', '"a b"@x.io', 'a@[127.0.0.1]'].map((email): Row => ({
    id: 'ABU-22',
    exchange: `the address ${JSON.stringify(email)}`,
    as: 'admin',
    ask: () => create({ email }),
    ...invalid,
  })),
  {
    id: 'ABU-23',
    exchange: 'an address that lives in another case',
    as: 'admin',
    ask: async ({ api }) => create({ email: (await addPerson(api)).email.toUpperCase() }),
    status: 409,
    type: 'conflict',
    check: ({ body, text }) => {
      expect(body).toMatchObject({ errors: [{ pointer: '/email', code: 'taken' }] })
      expect(text).not.toMatch(/@example\.com/i)
    },
  },
  ...['Ja\u200dne', 'Ja\u202ene', 'Jane\u{e0041}'].map((first_name): Row => ({
    id: 'ABU-25',
    exchange: `the name ${JSON.stringify(first_name)}`,
    as: 'admin',
    ask: () => create({ first_name }),
    ...invalid,
  })),
  {
    id: 'ABU-29',
    exchange: 'an empty patch: a no-op',
    as: 'user',
    ask: ({ user }) => ({ method: 'PATCH', path: `/v1/users/${user.user.id}`, body: {}, isNoChange: true }),
    status: 200,
  },
  {
    id: 'ABU-75',
    exchange: 'JSON Patch',
    as: 'user',
    ask: ({ user }) => ({
      method: 'PATCH',
      path: `/v1/users/${user.user.id}`,
      raw: '[{"op":"replace","path":"/role","value":"admin"}]',
      headers: { 'content-type': 'application/json-patch+json' },
    }),
    ...unsupported,
  },
  ...[
    { op: 'replace', path: '/role', value: 'admin' },
    { op: 'add', path: '/__proto__/x', value: 1 },
  ].map((step): Row => ({
    id: 'ABU-75',
    exchange: `JSON Patch as a merge patch: ${step.op} ${step.path}`,
    as: 'user',
    ask: patchSelf([step]),
    ...invalid,
  })),
  {
    id: 'ABU-119',
    exchange: 'one valid and one invalid member',
    as: 'user',
    ask: patchSelf({ first_name: 'Joan', username: '!' }),
    ...invalid,
  },
]
