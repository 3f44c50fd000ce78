import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createApp } from '../../src/app.ts'
import { createHttpServer } from '../../src/http/server.ts'
import { startApi, type Api } from '../support/api.ts'
import { checkAnswer } from '../support/checkAnswer.ts'
import { addPerson, password, signIn, signInAs } from '../support/people.ts'
import { exchange, open, parseAnswers } from '../support/rawHttp.ts'
import { absentUser, marker, type Stage, type Story } from './table.ts'

async function withApi(env: Record<string, string>, use: (api: Api) => Promise<void>): Promise<void> {
  const api = await startApi({ env })
  try {
    await use(api)
  } finally {
    await api.close()
  }
}

const logIn = (api: Api, identifier: string, secret: string, headers: Record<string, string> = {}) =>
  api.send('POST', '/v1/auth/login', { body: { identifier, password: secret }, headers })

/** Many clients that send a byte now and then and never come to an end: each is told and hung up on, others are served. */
async function outlast({ api }: Stage, start: string): Promise<void> {
  const patience = { headersTimeout: 500, requestTimeout: 1500, connectionsCheckingInterval: 50 }
  const server = createHttpServer(createApp(api.context), patience).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const clients = Array.from({ length: 500 }, () => open(port))
  for (const { socket } of clients) socket.write(start)
  const drip = setInterval(() => clients.forEach(({ socket }) => socket.writable && socket.write('a')), 200)
  expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200)
  await Promise.all(clients.map(({ closed }) => closed))
  clearInterval(drip)
  server.closeAllConnections()
  server.close()
  for (const { received } of clients) {
    const [answer] = parseAnswers(received())
    const { status, headers, body: text } = answer!
    expect([status, headers.connection]).toEqual([408, 'close'])
    const body = JSON.parse(text) as never
    checkAnswer('', '', { status, headers, text, body })
    expect(body).toMatchObject({ type: '/problems/request-timeout' })
  }
}

const pipelined = (path: string, count: number, more = '') =>
  Array.from({ length: count }, (_, index) => {
    const last = index === count - 1 ? 'Connection: close\r\n' : ''
    return `GET ${path} HTTP/1.1\r\nHost: a\r\nX-Request-Id: ${index}\r\n${more}${last}\r\n`
  }).join('')

export const stories: Story[] = [
  {
    id: 'ABU-66',
    exchange: '500 connections that never finish their headers',
    tell: (stage) => outlast(stage, 'GET /health HTTP/1.1\r\nHost: a\r\nX-A: '),
  },
  {
    id: 'ABU-67',
    exchange: '500 connections that send their body a byte at a time',
    tell: (stage) =>
      outlast(
        stage,
        'POST /v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 90000\r\n\r\n',
      ),
  },
  {
    id: 'ABU-69',
    exchange: '1000 pipelined requests are answered in order',
    tell: async ({ port }) => {
      const answers = await exchange(port, pipelined('/health', 1000))
      expect(answers.map(({ status, headers }) => `${status} ${headers['x-request-id']}`)).toEqual(
        Array.from({ length: 1000 }, (_, index) => `200 ${index}`),
      )
    },
  },
  {
    id: 'ABU-69',
    exchange: 'limits apply to pipelined requests',
    tell: () =>
      withApi({ RATE_LIMIT_READS_PER_HOUR: '20' }, async (api) => {
        const { token } = await signInAs(api, 'user')
        const bytes = pipelined('/v1/auth/me', 30, `Authorization: Bearer ${token}\r\n`)
        const answers = await exchange(Number(new URL(api.url).port), bytes)
        expect(answers.filter(({ status }) => status === 200)).toHaveLength(20)
        expect(answers.filter(({ status }) => status === 429)).toHaveLength(10)
      }),
  },
  {
    id: 'ABU-81',
    exchange: 'two administrators demote each other at once',
    tell: () =>
      withApi({}, async (api) => {
        const [one, two] = [await signInAs(api, 'admin'), await signInAs(api, 'admin')]
        const demote = (token: string, id: string) =>
          api.send('PATCH', `/v1/users/${id}`, { token, body: { role: 'user' } })
        const answers = await Promise.all([demote(one.token, two.user.id), demote(two.token, one.user.id)])
        // Whoever comes so late as to be no administrator any more is refused before the rule is asked.
        const statuses = answers.map(({ status }) => status).sort()
        expect(statuses[0]).toBe(200)
        expect([403, 409]).toContain(statuses[1])
        const left = await api.database.query("SELECT id FROM users WHERE role = 'admin'")
        expect(left).toHaveLength(1)
      }),
  },
  {
    id: 'ABU-89',
    exchange: 'unknown, wrong, disabled and deleted accounts are refused alike',
    tell: async ({ api, admin }) => {
      const [known, disabled, deleted] = [await addPerson(api), await addPerson(api), await addPerson(api)]
      await api.send('PATCH', `/v1/users/${disabled.id}`, { token: admin.token, body: { is_active: false } })
      await api.send('DELETE', `/v1/users/${deleted.id}`, { token: admin.token })
      const answers = [
        await logIn(api, 'nobody.at.all', marker),
        await logIn(api, known.username, marker),
        await logIn(api, disabled.username, password),
        await logIn(api, deleted.username, password),
      ]
      const shown = answers.map(({ status, headers, body }) => ({
        status,
        challenge: headers['www-authenticate'],
        body: { ...(body as object), request_id: '' },
      }))
      expect(shown[0]).toMatchObject({ status: 401, body: { type: '/problems/invalid-credentials' } })
      for (const each of shown) expect(each).toEqual(shown[0])
    },
  },
  ...[
    { id: 'ABU-90', exchange: 'the sixth login in a minute', spoof: () => ({}) },
    {
      id: 'ABU-91',
      exchange: 'the sixth login in a minute, with rotating addresses',
      spoof: (round: number) => ({
        'x-forwarded-for': `203.0.113.${round}`,
        'x-real-ip': `203.0.113.${round}`,
        forwarded: `for=203.0.113.${round}`,
      }),
    },
  ].map(({ id, exchange, spoof }): Story => ({
    id,
    exchange,
    tell: () =>
      withApi({ RATE_LIMIT_AUTH_PER_MINUTE: '5' }, async (api) => {
        for (let round = 1; round <= 5; round++) {
          expect((await logIn(api, 'nobody.at.all', marker, spoof(round))).status).toBe(401)
        }
        const sixth = await logIn(api, 'nobody.at.all', marker, spoof(6))
        expect(sixth).toMatchObject({ status: 429, body: { type: '/problems/rate-limited' } })
        expect(sixth.headers['retry-after']).toMatch(/^[1-9]\d*$/)
        const seen = await api.database.query('SELECT DISTINCT host(ip) AS ip FROM audit_events')
        expect(seen).toEqual([{ ip: '127.0.0.1' }])
      }),
  })),
  {
    id: 'ABU-115',
    exchange: 'guessing ids runs into the limit',
    tell: () =>
      withApi({ RATE_LIMIT_READS_PER_HOUR: '10' }, async (api) => {
        const { token } = await signInAs(api, 'admin')
        const statuses: number[] = []
        for (let round = 0; round < 12; round++) statuses.push((await api.send('GET', absentUser, { token })).status)
        expect(statuses).toEqual([...Array<number>(10).fill(404), 429, 429])
      }),
  },
  {
    id: 'ABU-118',
    exchange: 'a refresh while an administrator disables the user',
    tell: async ({ api, admin }) => {
      const person = await addPerson(api)
      const turn = (is_active: boolean) =>
        api.send('PATCH', `/v1/users/${person.id}`, { token: admin.token, body: { is_active } })
      for (let round = 0; round < 10; round++) {
        const { refreshToken } = await signIn(api, person.username)
        const refresh = (refresh_token: string) => api.send('POST', '/v1/auth/refresh', { body: { refresh_token } })
        const [refreshed] = await Promise.all([refresh(refreshToken), turn(false)])
        const { access_token: token, refresh_token: next = refreshToken } = refreshed.body as Record<string, string>
        expect((await refresh(next)).status).toBe(401)
        if (token !== undefined) expect((await api.send('GET', '/v1/auth/me', { token })).status).toBe(401)
        await turn(true)
      }
    },
  },
]
