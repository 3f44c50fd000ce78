import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { sealAudit } from '../../src/jobs/sealAudit.ts'
import { secondsUnsealed } from '../../src/queries/auditSeals.ts'
import { startApi, type Api } from '../support/api.ts'
import { addPerson } from '../support/people.ts'

interface StoredSeal {
  number: string
  previous_hash: Buffer
  hash: Buffer
  event_ids: string[]
  settled_seq: string
  highest_seq: string
}

const insert = `INSERT INTO audit_events (id, action, request_id) SELECT gen_random_uuid(), 'user.updated', 'seal-test'
  FROM generate_series(1, $1) RETURNING id, seq`

describe('sealAudit', () => {
  let api: Api
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'seal-'))
    api = await startApi({ env: { DATA_DIR: folder } })
  })
  afterEach(async () => {
    await api.close()
    await rm(folder, { recursive: true })
  })

  const seals = () => api.database.query<StoredSeal>('SELECT * FROM audit_seals ORDER BY number')
  const write = (count = 1) => api.database.query<{ id: string; seq: string }>(insert, [count])
  const sealedIds = async () => (await seals()).flatMap(({ event_ids }) => event_ids)
  const allIds = async () =>
    (await api.database.query<{ id: string }>('SELECT id FROM audit_events ORDER BY seq')).map(({ id }) => id)

  test('tells how long the first event without a seal has been waiting', async () => {
    const waiting = () => secondsUnsealed(api.context.db)
    expect(await waiting()).toBe(0)
    await write(2)
    expect(await waiting()).toBeGreaterThan(0)
    await sealAudit(api.context)
    expect(await waiting()).toBe(0)
    await write()
    expect(await waiting()).toBeGreaterThan(0)
  })

  test('seals each event once, chains the seals and writes each to the log', async () => {
    for (let round = 1; round <= 3; round += 1) {
      await write(round)
      await sealAudit(api.context)
      await sealAudit(api.context)
    }
    const made = await seals()
    expect(made.map(({ event_ids }) => event_ids.length)).toEqual([1, 2, 3])
    expect(await sealedIds()).toEqual(await allIds())
    expect(made.map(({ previous_hash }) => previous_hash)).toEqual([
      Buffer.alloc(32),
      ...made.slice(0, 2).map(({ hash }) => hash),
    ])
    const lines = api.log.filter(({ msg }) => msg === 'audit sealed')
    expect(lines.map(({ number, hash }) => [number, hash])).toEqual(
      made.map(({ number, hash }) => [number, hash.toString('hex')]),
    )
    expect(lines[2]).toMatchObject({ level: 'info', count: 3, root: expect.stringMatching(/^[0-9a-f]{64}$/) as string })
  })

  test('an event that commits late is sealed late, and nothing counts as settled until then', async () => {
    const slow = new pg.Client({ connectionString: api.database.url })
    await slow.connect()
    await slow.query('BEGIN')
    const late = (await slow.query<{ id: string; seq: string }>(insert, [1])).rows[0]!
    for (let round = 0; round < 3; round += 1) {
      await write(2)
      await sealAudit(api.context)
    }
    expect((await seals()).every(({ settled_seq }) => BigInt(settled_seq) < BigInt(late.seq))).toBe(true)
    await slow.query('COMMIT')
    await slow.end()
    await sealAudit(api.context)
    expect((await seals()).at(-1)!.event_ids).toEqual([late.id])
    await write(1)
    await sealAudit(api.context)
    const last = (await seals()).at(-1)!
    expect(BigInt(last.settled_seq)).toBeGreaterThan(BigInt(late.seq))
    expect((await sealedIds()).sort()).toEqual((await allIds()).sort())
  })

  test('AUD-06! a thousand concurrent writes and two sealers: one chain, no fork, no gap, each event once', async () => {
    const other = await startApi({ database: api.database, env: { DATA_DIR: folder } })
    const writing = { isDone: false }
    const sealers = [api, other].map(async ({ context }) => {
      while (!writing.isDone) await sealAudit(context)
    })
    const writers = [api, other].map(async (each) => {
      for (let round = 0; round < 20; round += 1) await Promise.all(Array.from({ length: 25 }, () => addPerson(each)))
    })
    await Promise.all(writers)
    writing.isDone = true
    await Promise.all(sealers)
    await sealAudit(api.context)
    const made = await seals()
    expect(made.map(({ number }) => Number(number))).toEqual(made.map((_, index) => index + 1))
    for (const [index, { previous_hash }] of made.slice(1).entries()) expect(previous_hash).toEqual(made[index]!.hash)
    const ids = await sealedIds()
    expect(ids).toHaveLength(1000)
    expect(new Set(ids)).toEqual(new Set(await allIds()))
    await other.close()
  }, 90_000)

  test('a sealer that is cut off in the middle leaves nothing, and the next one goes on', async () => {
    await write(3)
    await sealAudit(api.context)
    await api.database.query(`CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$`)
    await api.database.query('CREATE TRIGGER cut AFTER INSERT ON audit_seals FOR EACH ROW EXECUTE FUNCTION cut()')
    await write(2)
    await expect(sealAudit(api.context)).rejects.toThrow()
    expect(await seals()).toHaveLength(1)
    await api.database.query('DROP TRIGGER cut ON audit_seals')
    await sealAudit(api.context)
    expect((await seals()).map(({ event_ids }) => event_ids.length)).toEqual([3, 2])
  })

  test('a backlog becomes seals of bounded size in one run', async () => {
    await write(10_000)
    await sealAudit(api.context)
    expect((await seals()).map(({ event_ids }) => event_ids.length)).toEqual([4096, 4096, 1808])
    expect(await sealedIds()).toEqual(await allIds())
  })

  test('what was open in another cluster counts as ended after a restore', async () => {
    await write(2)
    await sealAudit(api.context)
    await api.database.query('ALTER TABLE audit_seals DISABLE TRIGGER ALL')
    await api.database.query(`UPDATE audit_seals SET open_writers = '{9999/4711}'`)
    await write(1)
    await sealAudit(api.context)
    const [first, second] = await seals()
    expect(second!.settled_seq).toBe(first!.highest_seq)
  })
})
