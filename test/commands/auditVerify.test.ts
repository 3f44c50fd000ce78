import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inTransaction } from '../../src/db/transaction.ts'
import { sealAudit } from '../../src/jobs/sealAudit.ts'
import { destroySubjectKey } from '../../src/queries/subjectKeys.ts'
import { createSealKeyPem, publicKeyPem, readSealKey } from '../../src/security/sealKey.ts'
import { startApi, type Api } from '../support/api.ts'
import { runCommand, type Finished } from '../support/command.ts'
import { addPerson, signInAs } from '../support/people.ts'

const write = `INSERT INTO audit_events (id, action, request_id)
  SELECT ('018f0000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'user.updated', 'r' || n FROM generate_series($1::int, $2::int) n`
const idOf = (n: number) => `018f0000-0000-7000-8000-${String(n).padStart(12, '0')}`
const disable = 'ALTER TABLE audit_events DISABLE TRIGGER ALL; ALTER TABLE audit_seals DISABLE TRIGGER ALL'

describe('npm run audit:verify', () => {
  let api: Api
  let folder: string
  let env: Record<string, string>
  const verify = (...words: string[]): Promise<Finished> => runCommand('auditVerify', words, { env })
  const query = (text: string, values?: unknown[]) => api.database.query<{ [column: string]: string }>(text, values)
  /** As a superuser who has switched the triggers off. */
  const tamper = async (...statements: string[]) => {
    for (const statement of [disable, ...statements]) await query(statement)
  }
  const headsFile = async () => {
    const file = join(folder, 'kept.log')
    await writeFile(file, api.log.map((line) => JSON.stringify(line)).join('\n'))
    return file
  }

  // Three seals over the events 1–100, 101–200 and 201–300.
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'verify-'))
    const file = join(folder, 'seal.pem')
    await writeFile(file, createSealKeyPem())
    api = await startApi({ env: { AUDIT_SEAL_KEY_FILE: file } })
    env = { DATABASE_URL: api.database.url, AUDIT_SEAL_KEY_FILE: file, JWT_SECRET: 'x'.repeat(32) }
    for (const start of [1, 101, 201]) {
      await query(write, [start, start + 99])
      await sealAudit(api.context)
    }
  })
  afterEach(async () => {
    await api.close()
    await rm(folder, { recursive: true })
  })

  const expectFound = async (run: Promise<Finished>, ...findings: (string | RegExp)[]) => {
    const { code, output } = await run
    for (const finding of findings) expect(output).toMatch(finding)
    expect(code).toBe(1)
  }

  test('AUD-07! exits 0 where nothing was touched, with heads and without, all and since', async () => {
    const heads = await headsFile()
    for (const words of [[], ['--heads', heads], ['--since', '2'], ['--since', '2001-01-01T00:00:00Z']]) {
      const { code, output, errors } = await verify(...words)
      expect([code, errors]).toEqual([0, ''])
      expect(output).toMatch(/^\d+ events, seals [12] to 3, 0 waiting to be sealed: no findings\.\n/)
    }
  })

  test('AUD-07! AUD-05! names an edited event', async () => {
    await tamper(`UPDATE audit_events SET outcome = 'failure' WHERE id = '${idOf(150)}'`)
    await expectFound(verify(), `event ${idOf(150)} (seq `, 'changed since seal 2', ': 1 findings')
  })

  test('AUD-07! names events deleted in the middle', async () => {
    await tamper(`DELETE FROM audit_events WHERE id IN ('${idOf(120)}', '${idOf(121)}')`)
    await expectFound(verify(), `event ${idOf(120)}: removed since seal 2`, `event ${idOf(121)}: removed`)
  })

  test('AUD-07! AUD-10! names an inserted event, whatever time and number it claims', async () => {
    const values = ([n, seq]: number[]) => `('${idOf(n!)}', ${seq}, now() - interval '1 day', 'x', 'r')`
    const rows = [
      [900, -5],
      [901, 900],
    ]
      .map(values)
      .join()
    await tamper(
      `INSERT INTO audit_events (id, seq, occurred_at, action, request_id) OVERRIDING SYSTEM VALUE VALUES ${rows}`,
    )
    await expectFound(
      verify(),
      `event ${idOf(900)} (seq -5): added: no seal holds it`,
      `event ${idOf(901)} (seq 900): not sealed although it is of`,
    )
  })

  test('AUD-07! names an event put in the place of a removed one', async () => {
    const [{ seq } = {}] = await query(`SELECT seq FROM audit_events WHERE id = '${idOf(50)}'`)
    await tamper(
      `DELETE FROM audit_events WHERE id = '${idOf(50)}'`,
      `INSERT INTO audit_events (id, seq, action, request_id) OVERRIDING SYSTEM VALUE VALUES ('${idOf(902)}', ${seq}, 'x', 'r')`,
    )
    await expectFound(
      verify(),
      `event ${idOf(50)}: removed`,
      `event ${idOf(902)} (seq ${seq}): added: no seal holds it`,
    )
  })

  test('AUD-07! AUD-13! names reordered events', async () => {
    const seqOf = (n: number) => `(SELECT seq FROM audit_events WHERE id = '${idOf(n)}')`
    await tamper('ALTER TABLE audit_events ALTER seq DROP IDENTITY')
    const [{ first, second } = {}] = await query(`SELECT ${seqOf(10)} AS first, ${seqOf(20)} AS second`)
    await query(`UPDATE audit_events SET seq = -1 WHERE id = '${idOf(10)}'`)
    await query(`UPDATE audit_events SET seq = ${first} WHERE id = '${idOf(20)}'`)
    await query(`UPDATE audit_events SET seq = ${second} WHERE id = '${idOf(10)}'`)
    await query(`UPDATE audit_events SET seq = 5000 WHERE id = '${idOf(30)}'`)
    await query('ALTER TABLE audit_events ALTER seq ADD GENERATED ALWAYS AS IDENTITY (RESTART 5001)')
    await query('GRANT SELECT ON SEQUENCE audit_events_seq_seq TO user_management_app')
    await expectFound(
      verify(),
      RegExp(`event ${idOf(10)} .*(moved|changed).* since seal 1`),
      RegExp(`event ${idOf(20)} .*(moved|changed).* since seal 1`),
      /moved, its seq is not the one it had/,
      `event ${idOf(30)} (seq 5000): moved`,
    )
  })

  test('AUD-07! names every event of a truncated table', async () => {
    await tamper('TRUNCATE audit_events')
    await expectFound(
      verify(),
      `event ${idOf(1)}: removed since seal 1`,
      `event ${idOf(300)}: removed`,
      ': 301 findings',
    )
  })

  const cutOff = [`DELETE FROM audit_events WHERE id >= '${idOf(201)}'`, 'DELETE FROM audit_seals WHERE number = 3']

  test('AUD-08 the last hundred cut off with their seal: the heads kept outside tell', async () => {
    const heads = await headsFile()
    await tamper(...cutOff, `SELECT setval('audit_events_seq_seq', (SELECT max(seq) FROM audit_events))`)
    await expectFound(verify('--heads', heads), 'seal 3: cut off; their heads were kept outside')
  })

  test('AUD-07! the last hundred cut off with their seal: without heads the numbers given out tell', async () => {
    await tamper(...cutOff)
    await expectFound(verify(), /seq \d+ to \d+: given out and not there; cut off/)
  })

  test('AUD-07! a tail cut off with its numbers: what it told of is still there', async () => {
    const { user } = await signInAs(api, 'user')
    await sealAudit(api.context)
    await tamper(
      `DELETE FROM audit_events WHERE subject_id = '${user.id}'`,
      'DELETE FROM audit_seals WHERE number = 4',
      `SELECT setval('audit_events_seq_seq', (SELECT max(seq) FROM audit_events))`,
    )
    await expectFound(verify(), `user ${user.id} (of `, /session [0-9a-f-]{36} .*: has no event; the trail was cut off/)
  })

  test.each([
    ['its facts', `event_count = 100, sealed_at = sealed_at - interval '1 day'`, /seal 2: changed, its hash is not/],
    ['its signature', `signature = decode(repeat('ab', 64), 'hex')`, /seal 2: .*its signature does not fit/],
    [
      'the hash of an event',
      `leaf_hashes = overlay(leaf_hashes placing '\\xff00ff00' from 33)`,
      /hashes of its events/,
    ],
    [
      'what it follows',
      `previous_hash = decode(repeat('00', 32), 'hex')`,
      /seal 2: .*does not continue the one before/,
    ],
    ['its events', `event_ids[1] = '${idOf(999)}'`, `event ${idOf(999)}: removed since seal 2`],
    ['its key', `key_id = repeat('0', 64)`, /seals 2 to 2: signed by 0+, which is none of the known keys/],
  ])('AUD-07! names a seal after a change of %s', async (_what, change, finding) => {
    await tamper(`UPDATE audit_seals SET ${change} WHERE number = 2`)
    await expectFound(verify(), finding)
  })

  test('AUD-07! names a removed seal', async () => {
    await tamper('DELETE FROM audit_seals WHERE number = 2')
    await expectFound(verify(), /^seal 2: removed/m, `event ${idOf(101)} (seq `, 'added: no seal holds it')
  })

  test('AUD-08 a seal replaced by another of the same key: the heads kept outside tell', async () => {
    const heads = await headsFile()
    await tamper(
      'DELETE FROM audit_seals WHERE number = 3',
      `UPDATE audit_events SET action = 'y' WHERE id = '${idOf(250)}'`,
    )
    await sealAudit(api.context)
    expect((await verify()).code).toBe(0)
    await expectFound(verify('--heads', heads), 'seal 3: replaced, it is not the one whose head was kept outside')
  })

  test('AUD-07! a seal replaced by one of another key', async () => {
    const other = readSealKey(createSealKeyPem())!
    await tamper('DELETE FROM audit_seals WHERE number = 3')
    await sealAudit({ ...api.context, sealKey: () => Promise.resolve(other) })
    await expectFound(verify(), `seals 3 to 3: signed by ${other.id}, which is none of the known keys`)
    const both = join(folder, 'both.pem')
    await writeFile(both, publicKeyPem(other.publicKey) + publicKeyPem((await api.context.sealKey()).publicKey))
    expect((await verify('--public-key', both)).code).toBe(0)
  })

  test('AUD-13! the clock set back an hour changes neither order nor verdict', async () => {
    await query(`ALTER FUNCTION stamp_audit_event() RENAME TO stamp_before`)
    await query(`CREATE FUNCTION stamp_audit_event() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN NEW.occurred_at := clock_timestamp() - interval '1 hour'; RETURN NEW; END $$`)
    await query('DROP TRIGGER audit_events_stamp ON audit_events')
    await query(`CREATE TRIGGER audit_events_stamp BEFORE INSERT ON audit_events
      FOR EACH ROW EXECUTE FUNCTION stamp_audit_event()`)
    await query(write, [301, 320])
    await sealAudit(api.context)
    expect((await verify()).code).toBe(0)
  })

  test('AUD-14 a further column leaves old rows what they were', async () => {
    await query('ALTER TABLE audit_events ADD COLUMN later text')
    expect((await verify()).code).toBe(0)
  })

  test('PRV-02! AUD-04! erasing a person leaves every seal as it was', async () => {
    const person = await addPerson(api)
    await sealAudit(api.context)
    await inTransaction(api.context.db, async (tx) => {
      await tx.deleteFrom('users').where('id', '=', person.id).execute()
      await destroySubjectKey(tx, person.id)
    })
    expect((await verify('--heads', await headsFile())).code).toBe(0)
  })

  test('an event that nobody has sealed for long is named, a new one is not', async () => {
    await query(write, [301, 301])
    expect((await verify()).output).toMatch('1 waiting to be sealed: no findings')
    await tamper(`UPDATE audit_events SET occurred_at = now() - interval '2 minutes' WHERE id = '${idOf(301)}'`)
    await expectFound(verify(), `event ${idOf(301)} (seq `, 'nobody seals, or it was added')
  })

  test('says what is wrong with what it is given', async () => {
    const [bad, empty] = [await verify('--since', 'yesterday'), await verify('--heads', env.AUDIT_SEAL_KEY_FILE!)]
    expect(bad).toMatchObject({ code: 1, errors: expect.stringMatching(/^Usage: npm run audit:verify/) as string })
    expect(empty.errors).toMatch(/has no line "audit sealed" in it/)
    env.AUDIT_SEAL_KEY_FILE = join(folder, 'nothing.pem')
    expect(await verify()).toMatchObject({
      code: 78,
      errors: expect.stringMatching(/AUDIT_SEAL_KEY_FILE cannot be read/),
    })
  })
})
