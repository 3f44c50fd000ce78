import { sql } from 'kysely'
import { securityHeaders } from '../src/http/securityHeaders.ts'
import { access } from './abuse/access.ts'
import { accounts } from './abuse/accounts.ts'
import { bodies } from './abuse/bodies.ts'
import { connections } from './abuse/connections.ts'
import { complete } from './abuse/ids.ts'
import { lists, listStories } from './abuse/lists.ts'
import { requests } from './abuse/requests.ts'
import { retries, retryStories } from './abuse/retries.ts'
import { stories } from './abuse/stories.ts'
import { marker, tables, type Asked, type Raw, type Row, type Stage, type Table } from './abuse/table.ts'
import { tokens } from './abuse/tokens.ts'
import { startApi, type Api } from './support/api.ts'
import { checkAnswer, type Answer } from './support/checkAnswer.ts'
import { password, signInAs } from './support/people.ts'
import { exchange } from './support/rawHttp.ts'

const told = [...stories, ...accounts, ...retryStories, ...listStories]
const rows = [...bodies, ...requests, ...tokens, ...access, ...retries, ...lists, ...connections]

describe('abuse', () => {
  let stage: Stage
  beforeAll(async () => {
    const api = await startApi()
    const [user, moderator] = [await signInAs(api, 'user'), await signInAs(api, 'moderator')]
    stage = { api, port: Number(new URL(api.url).port), user, moderator, admin: await signInAs(api, 'admin') }
  })
  afterAll(() => stage.api.close())

  test.each(rows)('$id $exchange', async (row) => {
    const asked = typeof row.ask === 'function' ? await row.ask(stage) : row.ask
    const before = await stateOf(stage.api)
    const answer = await send(asked, row, stage)
    if (answer.status !== row.status)
      throw new Error(`answered ${answer.status} instead of ${row.status}: ${answer.text}`)
    if (row.type) expect(answer.body).toMatchObject({ type: `/problems/${row.type}`, status: row.status })
    for (const name of Object.keys(securityHeaders)) expect(answer.headers).toHaveProperty(name.toLowerCase())
    const expected = [...(row.changes ?? []), ...(row.status === 403 ? ['audit_events'] : [])]
    expect(differences(before, await stateOf(stage.api))).toEqual(expected.sort())
    await row.check?.(answer, stage)
    await demandHealth(stage)
  })

  test.each(told)('$id $exchange', async ({ tell }) => {
    expect.hasAssertions()
    await tell(stage)
    await demandHealth(stage)
  })

  test('the list is complete', () => {
    const done = new Set([...rows, ...told].map(({ id }) => id))
    expect([...done].sort()).toEqual([...complete].sort())
  })
})

async function send(asked: Asked | Raw, { as }: Row, { api, port, ...people }: Stage): Promise<Answer> {
  if ('bytes' in asked) return sendRaw(port, asked.bytes)
  const { method, path, ...sent } = asked
  return api.send(method, path, { ...(as && { token: people[as].token }), ...sent })
}

/** Exactly one answer may come back. */
async function sendRaw(port: number, bytes: string): Promise<Answer> {
  const [answer, ...more] = await exchange(port, bytes)
  expect(more).toEqual([])
  const { status, headers, body: text } = answer!
  const whole = { status, headers, text, body: JSON.parse(text) as never }
  checkAnswer('', '', whole)
  return whole
}

type State = Record<Table, string>

/** A digest of every row of every table. */
async function stateOf({ context }: Api): Promise<State> {
  const digests = tables.map(
    (table) =>
      sql`(SELECT md5(coalesce(string_agg(t::text, ' ' ORDER BY t::text), '')) FROM ${sql.table(table)} t) AS ${sql.ref(table)}`,
  )
  const { rows } = await sql<State>`SELECT ${sql.join(digests)}`.execute(context.db)
  return rows[0]!
}

function differences(before: State, after: State): Table[] {
  return tables.filter((table) => before[table] !== after[table]).sort()
}

/** Alive, and no secret in the log. */
async function demandHealth({ api, user, moderator, admin }: Stage): Promise<void> {
  expect((await api.send('GET', '/health')).status).toBe(200)
  const log = JSON.stringify(api.log)
  const people = [user, moderator, admin]
  const secrets = [marker, password, ...people.flatMap(({ token, refreshToken }) => [token, refreshToken])]
  expect(secrets.filter((secret) => log.includes(secret))).toEqual([])
  expect(api.log.filter(({ level }) => level === 'error' || level === 50)).toEqual([])
}
