import { migrate } from '../../src/db/migrate.ts'
import { importUsers } from '../../src/jobs/importUsers.ts'
import { sealAudit } from '../../src/jobs/sealAudit.ts'
import { startApi, type Api } from '../support/api.ts'
import { runCommand } from '../support/command.ts'
import { query } from '../support/database.ts'
import { manyRows, outcomes, readImport, upload, type UserImport } from '../support/imports.ts'
import { password, signInAs, type SignedIn } from '../support/people.ts'
import { describeWithSmallDisk, startSmallDisk, type SmallDisk } from '../support/smallDisk.ts'

const secret = 'Ww3kq9Zt1xJ8vN5bR2mL7pD4sG6hF0cYaEuTiOjKnBq'

describeWithSmallDisk('FLT-16 LAB-34 the disk of PostgreSQL is full', () => {
  let disk: SmallDisk
  let api: Api
  let admin: SignedIn
  const ask = <Row extends object>(text: string, values?: unknown[]) => query<Row>(disk.url, text, values)

  beforeAll(async () => {
    disk = await startSmallDisk()
    await migrate(disk.url)
    const database = { url: disk.url, query: ask, drop: () => Promise.resolve() }
    api = await startApi({ database, env: { JWT_SECRET: secret, DATA_DIR: disk.folder } })
    admin = await signInAs(api, 'admin')
  }, 30_000)
  afterEach(() => disk.free())
  afterAll(async () => {
    await api.close()
    await disk.stop()
  })

  const create = (username: string) =>
    api.send('POST', '/v1/users', {
      token: admin.token,
      body: { username, email: `${username}@example.com`, password },
    })
  /** What was left in pages that are begun is used up first. */
  const createUntilRefused = async (prefix: string) => {
    const usernames: string[] = []
    for (let count = 0; count < 200; count += 1) {
      const answer = await create(`${prefix}-${count}`)
      if (answer.status !== 201) return { usernames, answer }
      usernames.push(`${prefix}-${count}`)
    }
    throw new Error('nothing was refused')
  }
  const expectWhole = async () => {
    const half = `SELECT id FROM users WHERE 1 <> (SELECT count(*) FROM audit_events
      WHERE subject_id = users.id AND action = 'user.created')`
    expect(await ask(half)).toEqual([])
    const strays = `SELECT subject_id FROM audit_events WHERE action = 'user.created' AND subject_id NOT IN (SELECT id FROM users)`
    expect(await ask(strays)).toEqual([])
    await sealAudit(api.context)
    const env = { DATABASE_URL: disk.url, JWT_SECRET: secret, DATA_DIR: disk.folder }
    expect(await runCommand('auditVerify', [], { env })).toMatchObject({ code: 0, errors: '' })
  }

  test('writes are refused for now and leave nothing, reads are answered; with room again all goes on', async () => {
    await disk.fill()
    const { usernames, answer } = await createUntilRefused('full')
    expect(answer).toMatchObject({ status: 503, body: { type: '/problems/unavailable' } })
    expect(answer.headers['retry-after']).toMatch(/^\d+$/)
    expect(answer.text).not.toMatch(/disk|space|53100|extend/i)
    // The operator is told what the caller is not.
    const told = api.log.find(({ level, request_id: id }) => level === 'error' && id === answer.headers['x-request-id'])
    expect(JSON.stringify(told)).toContain('53100')
    const { token } = admin
    expect((await upload(api, manyRows(1000, 'refused'), { token })).status).toBe(503)
    const names = usernames.length > 0 ? usernames : [admin.user.username]
    const listed = await api.send('GET', '/v1/users', { token, query: { q: names.at(-1)! } })
    expect(listed).toMatchObject({ status: 200, body: { data: [{ username: names.at(-1) }] } })
    expect((await fetch(`${api.url}/ready`)).status).toBe(200)

    await disk.free()
    const refused = `full-${usernames.length}`
    expect((await create(refused)).status).toBe(201)
    const stored = await ask<{ username: string }>(
      `SELECT username FROM users WHERE username LIKE 'full-%' ORDER BY created_at`,
    )
    expect(stored.map(({ username }) => username)).toEqual([...usernames, refused])
    await expectWhole()
  }, 15_000)

  test('an import stops between two batches and goes on with room again, each row once', async () => {
    const { token } = admin
    const rows = 4000
    const counted = `SELECT count(*)::int AS count FROM users WHERE username LIKE 'many.%'`
    const answer = await upload(api, manyRows(rows), { token })
    const { id } = answer.body as UserImport
    await disk.fill(4000)
    await expect(importUsers(api.context)).rejects.toMatchObject({ code: '53100' })
    const expectCut = async () => {
      const { status, counts } = (await readImport(api, id, token)).file
      expect(status).toBe('running')
      expect(counts.created).toBeGreaterThan(0)
      expect(counts.created).toBeLessThan(rows)
      expect(await ask(counted)).toEqual([{ count: counts.created }])
    }
    await expectCut()
    // Again and again, as the worker does, and still no batch is half.
    await expect(importUsers(api.context)).rejects.toMatchObject({ code: '53100' })
    await expectCut()

    await disk.free()
    await importUsers(api.context)
    const { file, results } = await readImport(api, id, token)
    expect(file).toMatchObject({ status: 'completed', counts: { created: rows, updated: 0, skipped: 0, failed: 0 } })
    expect(new Set(Object.values(outcomes(results)))).toEqual(new Set(['created']))
    expect(results).toHaveLength(rows)
    expect(await ask(counted)).toEqual([{ count: rows }])
    await expectWhole()
  }, 30_000)
})
