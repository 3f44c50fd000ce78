import { execFile } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sealAudit } from '../../../src/jobs/sealAudit.ts'
import { startApi, type Api } from '../../support/api.ts'
import { addPerson, signInAs, type SignedIn } from '../../support/people.ts'

interface Proof {
  row: string
  leaf_hash: string
  index: number
  count: number
  path: { side: string; hash: string }[]
  root: string
  statement: string
  hash: string
  public_key: string
}

const page = new URL('../../../docs/AUDIT_PROOF.md', import.meta.url)
const steps = [...readFileSync(page, 'utf8').matchAll(/^```bash\n([^]*?)^```$/gm)].map(([, commands = '']) => commands)

describe('getAuditEventProof', () => {
  let api: Api
  let admin: SignedIn
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'proof-'))
    api = await startApi({ env: { DATA_DIR: folder } })
    admin = await signInAs(api, 'admin')
    for (let count = 0; count < 5; count += 1) await addPerson(api)
    await sealAudit(api.context)
  })
  afterAll(async () => {
    await api.close()
    await rm(folder, { recursive: true })
  })

  const prove = (id: string, token = admin.token) => api.send('GET', `/v1/audit-events/${id}/proof`, { token })
  const events = async () =>
    (await api.database.query<{ id: string }>('SELECT id FROM audit_events ORDER BY seq')).map(({ id }) => id)
  const run = (commands: string, event: string) =>
    new Promise<{ code: number; output: string }>((resolve) => {
      const env = { PATH: process.env.PATH, URL: api.url, TOKEN: admin.token, EVENT: event }
      execFile('bash', ['--norc', '-e', '-c', commands], { cwd: folder, env }, (error, out, problems) =>
        resolve({ code: error ? 1 : 0, output: error ? out + problems : out }),
      )
    })

  test('the commands of docs/AUDIT_PROOF.md prove each event', async () => {
    expect(steps).toHaveLength(5)
    for (const event of await events()) {
      const outputs: string[] = []
      for (const commands of steps) {
        const { code, output } = await run(commands, event)
        expect([code, output]).toEqual([0, output])
        outputs.push(output)
      }
      const [, tree, signature, keys, hash] = outputs
      expect(tree).toBe('The event is in seal 1\n')
      expect(signature).toMatch('Signature Verified Successfully')
      const [own, named] = keys!.trim().split('\n')
      expect(own).toBe(named)
      expect(own).toBe((await api.context.sealKey()).key.id)
      const head = api.log.find(({ msg }) => msg === 'audit sealed')
      expect(hash!.trim()).toBe(head!.hash)
    }
  })

  test('the commands notice an event that was changed, and a statement that was', async () => {
    const [event] = await events()
    expect((await run(steps[0]!, event!)).code).toBe(0)
    expect((await run(`sed -i 's/user.created/user.deleted/' proof.json\n${steps[1]!}`, event!)).output).toMatch(
      'This is not the event that was sealed.',
    )
    expect((await run(`sed -i 's/^count: .*/count: 1/' statement.txt\n${steps[2]!}`, event!)).code).toBe(1)
  })

  test('the proof leads from the row to the signed root', async () => {
    const ids = await events()
    const { body } = await prove(ids[2]!)
    const proof = body as Proof
    expect(proof).toMatchObject({ index: 2, count: ids.length, seal: 1 })
    expect((JSON.parse(proof.row) as unknown[]).slice(0, 4)).toEqual([
      ids[2],
      expect.any(Number),
      expect.any(String),
      'user.created',
    ])
    expect(proof.leaf_hash).toBe(createHash('sha256').update(`\0${proof.row}`).digest('hex'))
    expect(proof.statement).toContain(`\nroot: ${proof.root}\n`)
    expect(createHash('sha256').update(proof.statement).digest('hex')).toBe(proof.hash)
    const read = await api.send('GET', `/v1/audit-events/${ids[2]!}`, { token: admin.token })
    expect(read.body).toMatchObject({ sealed: 1 })
  })

  test('says that an event is not sealed yet, that there is none, or that it is not for everybody', async () => {
    const person = await addPerson(api)
    const unsealed = (await events()).at(-1)!
    expect(await prove(unsealed)).toMatchObject({
      status: 404,
      body: { detail: expect.stringContaining('yet') as string },
    })
    expect((await prove(randomUUID())).status).toBe(404)
    expect((await prove('x')).status).toBe(400)
    const { token } = await signInAs(api, 'moderator')
    expect((await prove(person.id, token)).status).toBe(403)
  })
})
