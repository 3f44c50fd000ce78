import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import supertest from 'supertest'
import { contract, denialAudit } from '../../generated/contract.ts'
import { createApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { createContext, type Context } from '../../src/context.ts'
import { createHttpServer } from '../../src/http/server.ts'
import { openKeys } from '../../src/startup/openKeys.ts'
import { createLogger } from '../../src/platform/logger.ts'
import { checkAnswer, type Answer } from './checkAnswer.ts'
import { findOperation } from './contract.ts'
import { createTestDatabase, type TestDatabase } from './database.ts'
import { loggedErrors } from './loggedErrors.ts'

export interface Sent {
  token?: string | undefined
  headers?: Record<string, string>
  query?: Record<string, string | number | boolean> | string
  /** Sent as JSON. */
  body?: unknown
  /** Sent as it is, with the content type of `headers`. */
  raw?: string | Buffer
  /** A success that changes nothing, so that no audit event is due; of requests that race only one may change something. */
  isNoChange?: boolean | 'perhaps'
  /** A 403 that is too much, or cannot be written down. */
  isDenialLeftOut?: boolean
}

export interface Api {
  url: string
  context: Context
  database: TestDatabase
  /** Lines of the log, parsed. */
  log: Record<string, unknown>[]
  /** Sends a request and holds the answer against the contract and the audit trail. */
  send(method: string, path: string, sent?: Sent): Promise<Answer>
  close(): Promise<void>
}

interface Options {
  /** Environment variables. Limits are off and hashes cheap unless they say otherwise. */
  env?: Record<string, string>
  overrides?: (context: Context) => Partial<Context>
  database?: TestDatabase
}

const defaults = {
  ENVIRONMENT: 'test',
  JWT_SECRET: 'Ww3kq9Zt1xJ8vN5bR2mL7pD4sG6hF0cYaEuTiOjKnBq',
  RATE_LIMIT_AUTH_PER_MINUTE: '0',
  RATE_LIMIT_READS_PER_HOUR: '0',
  RATE_LIMIT_WRITES_PER_HOUR: '0',
  ARGON2_MEMORY_KIB: '8192',
  ARGON2_TIME_COST: '1',
}

/** The whole application over HTTP, on a database of its own. */
export async function startApi({ env = {}, database: given, overrides }: Options = {}): Promise<Api> {
  const database = given ?? (await createTestDatabase())
  const config = readConfig({ ...defaults, DATABASE_URL: database.url, ...env })
  const log: Record<string, unknown>[] = []
  const logger = createLogger(
    { level: config.log.level, name: config.app.name },
    {
      write(line) {
        const entry = JSON.parse(line) as Record<string, unknown>
        log.push(entry)
        if (entry.level === 'error') loggedErrors.push(line)
      },
    },
  )
  const foundations = { databaseUrl: config.database.url ?? '', keys: await openKeys(config) }
  const plain = await createContext(config, foundations, { logger })
  const context: Context = { ...plain, ...overrides?.(plain) }
  await context.readiness.start()
  const server = createHttpServer(createApp(context)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  async function send(method: string, path: string, sent: Sent = {}): Promise<Answer> {
    const answer = await exchange(url, method, path, sent)
    checkAnswer(method, path, answer)
    await demandAudit(database, method, path, sent, answer)
    return answer
  }

  return {
    url,
    context,
    database,
    log,
    send,
    async close() {
      server.closeAllConnections()
      server.close()
      await plain[Symbol.asyncDispose]()
      if (!given) await database.drop()
    },
  }
}

async function exchange(url: string, method: string, path: string, sent: Sent): Promise<Answer> {
  const agent = supertest(url) as unknown as Record<string, (path: string) => supertest.Test>
  const request = agent[method.toLowerCase()]!(path)
    .redirects(0)
    .ok(() => true)
  if (sent.token !== undefined) request.set('Authorization', `Bearer ${sent.token}`)
  for (const [name, value] of Object.entries(sent.headers ?? {})) request.set(name, value)
  if (sent.query !== undefined) request.query(sent.query)
  if (sent.raw !== undefined) request.serialize((body: unknown) => body as string).send(sent.raw)
  else if (sent.body !== undefined) {
    if (sent.headers?.['content-type'] === undefined) request.set('content-type', 'application/json')
    request.serialize((body: unknown) => JSON.stringify(body)).send(sent.body as object)
  }
  request.buffer(true).parse(asText)
  const response = (await request) as { status: number; headers: Record<string, string>; text?: string; body: unknown }
  const { status, headers, text = '', body } = response
  const isJson = /^application\/(problem\+)?json/.test(headers['content-type'] ?? '')
  return { status, headers, text, body: (isJson && text !== '' ? JSON.parse(text) : body) as never }
}

/** Whatever its type: left to itself the client drops those it does not know. */
function asText(response: supertest.Response, done: (error: null, text: string) => void): void {
  response.text = ''
  response.setEncoding('utf8')
  response.on('data', (text: string) => (response.text += text))
  response.on('end', () => done(null, response.text))
}

/** Each handler that changes something must leave an event with the id of its request, and so must each denial. */
async function demandAudit(
  database: TestDatabase,
  method: string,
  path: string,
  sent: Sent,
  answer: Answer,
): Promise<void> {
  const id = findOperation(method, path)
  const isDenied = answer.status === 403
  if (id === undefined || (answer.status >= 300 && !isDenied)) return
  const named: readonly string[] = isDenied ? denialAudit : contract[id].audit
  if (named.length === 0) return
  const isNoChange = isDenied ? sent.isDenialLeftOut : sent.isNoChange
  if (isNoChange === 'perhaps') return
  const text = 'SELECT action FROM audit_events WHERE request_id = $1'
  const events = await database.query<{ action: string }>(text, [answer.headers['x-request-id']])
  if (events.length > 0 && isNoChange) throw new Error(`${id} wrote an audit event although nothing changed`)
  if (events.length === 0 && !isNoChange) throw new Error(`${id} answered ${answer.status} and wrote no audit event`)
  const stray = events.filter(({ action }) => !named.includes(action))
  if (stray.length > 0)
    throw new Error(`${id} wrote ${stray.map(({ action }) => action).join()}, which the contract does not name`)
}
