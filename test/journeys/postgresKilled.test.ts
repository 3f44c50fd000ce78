import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/db/embedded.ts'
import { migrate } from '../../src/db/migrate.ts'
import { query, scratchFolder } from '../db/scratchServer.ts'
import { startApi, type Api } from '../support/api.ts'
import { runCommand } from '../support/command.ts'
import { query as ask } from '../support/database.ts'
import { password, signInAs } from '../support/people.ts'

const secret = 'Ww3kq9Zt1xJ8vN5bR2mL7pD4sG6hF0cYaEuTiOjKnBq'

describe('BAK-04 FLT-11 PostgreSQL killed with -9 while it is written to', () => {
  let folder: string
  let server: EmbeddedPostgres
  let api: Api
  beforeAll(async () => {
    folder = await scratchFolder()
    server = await startEmbeddedPostgres(folder)
    await migrate(server.url)
    const database = {
      url: server.url,
      query: <Row extends object>(text: string, values?: unknown[]) => ask<Row>(server.url, text, values),
      drop: () => Promise.resolve(),
    }
    api = await startApi({ database, env: { JWT_SECRET: secret, DATA_DIR: folder } })
  })
  afterAll(async () => {
    await api.close()
    await server.stop()
    await rm(folder, { recursive: true })
  })

  test('every write that was answered is there, with its event, and the trail is whole', async () => {
    const { token } = await signInAs(api, 'admin')
    const answered = new Map<string, string>()
    const statuses: number[] = []
    let isOver = false
    const writer = async (name: string): Promise<void> => {
      for (let count = 0; !isOver; count += 1) {
        const username = `${name}-${count}`
        const body = JSON.stringify({ username, email: `${username}@example.com`, password })
        const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
        const answer = await fetch(`${api.url}/v1/users`, { method: 'POST', headers, body })
        statuses.push(answer.status)
        if (answer.status === 201) answered.set(((await answer.json()) as { id: string }).id, username)
        else await answer.arrayBuffer().then(() => sleep(20))
      }
    }
    const writers = Promise.all(['one', 'two', 'three', 'four'].map(writer))
    const kill = async (): Promise<void> => {
      const [pid] = (await readFile(join(folder, 'postgres', 'data', 'postmaster.pid'), 'utf8')).split('\n')
      process.kill(Number(pid), 'SIGKILL')
    }
    for (let round = 0; round < 2; round += 1) {
      const before = answered.size
      while (answered.size < before + 20) await sleep(10)
      await kill()
      const lost = statuses.length
      while (!statuses.slice(lost).includes(503)) await sleep(10)
    }
    const before = answered.size
    while (answered.size < before + 20) await sleep(10)
    isOver = true
    await writers

    expect([...new Set(statuses)].sort()).toEqual([201, 503])
    const rows = await query(
      server.url,
      `SELECT id, username, (SELECT count(*)::int FROM audit_events
        WHERE subject_id = users.id AND action = 'user.created') AS events FROM users WHERE username LIKE '%-%'`,
    )
    const stored = new Map(rows.map(({ id, username }) => [id, username]))
    expect([...answered].filter(([id, username]) => stored.get(id) !== username)).toEqual([])
    // Nor is there one without its event, answered or not.
    expect(rows.filter(({ events }) => events !== 1)).toEqual([])
    const env = { DATABASE_URL: server.url, JWT_SECRET: secret, DATA_DIR: folder }
    expect(await runCommand('auditVerify', [], { env })).toMatchObject({ code: 0, errors: '' })
  }, 60_000)
})
