import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sealAudit } from '../../src/jobs/sealAudit.ts'
import { createSealKeyPem, publicKeyPem, readSealKey } from '../../src/security/sealKey.ts'
import { signInAs } from '../support/people.ts'
import { expectFound, idOf, sealTrail, type SealedTrail } from '../support/sealedTrail.ts'

describe('npm run audit:verify', () => {
  let trail: SealedTrail
  beforeEach(async () => (trail = await sealTrail()))
  afterEach(() => trail.close())

  test('AUD-07! AUD-05! names an edited event', async () => {
    await trail.tamper(`UPDATE audit_events SET outcome = 'failure' WHERE id = '${idOf(150)}'`)
    await expectFound(trail.verify(), `event ${idOf(150)} (seq `, 'changed since seal 2', ': 1 finding.')
  })

  test('AUD-07! names events deleted in the middle', async () => {
    await trail.tamper(`DELETE FROM audit_events WHERE id IN ('${idOf(120)}', '${idOf(121)}')`)
    await expectFound(trail.verify(), `event ${idOf(120)}: removed since seal 2`, `event ${idOf(121)}: removed`)
  })

  test('AUD-07! AUD-10! names an inserted event, whatever time and number it claims', async () => {
    const values = ([n, seq]: number[]) => `('${idOf(n!)}', ${seq}, now() - interval '1 day', 'x', 'r')`
    const rows = [
      [900, -5],
      [901, 900],
    ]
      .map(values)
      .join()
    await trail.tamper(
      `INSERT INTO audit_events (id, seq, occurred_at, action, request_id) OVERRIDING SYSTEM VALUE VALUES ${rows}`,
    )
    await expectFound(
      trail.verify(),
      `event ${idOf(900)} (seq -5): added: no seal holds it`,
      `event ${idOf(901)} (seq 900): not sealed although it is of`,
    )
  })

  test('AUD-07! names an event put in the place of a removed one', async () => {
    const [{ seq } = {}] = await trail.query(`SELECT seq FROM audit_events WHERE id = '${idOf(50)}'`)
    await trail.tamper(
      `DELETE FROM audit_events WHERE id = '${idOf(50)}'`,
      `INSERT INTO audit_events (id, seq, action, request_id) OVERRIDING SYSTEM VALUE VALUES ('${idOf(902)}', ${seq}, 'x', 'r')`,
    )
    await expectFound(
      trail.verify(),
      `event ${idOf(50)}: removed`,
      `event ${idOf(902)} (seq ${seq}): added: no seal holds it`,
    )
  })

  test('AUD-07! AUD-13! names reordered events', async () => {
    const seqOf = (n: number) => `(SELECT seq FROM audit_events WHERE id = '${idOf(n)}')`
    await trail.tamper('ALTER TABLE audit_events ALTER seq DROP IDENTITY')
    const [{ first, second } = {}] = await trail.query(`SELECT ${seqOf(10)} AS first, ${seqOf(20)} AS second`)
    await trail.query(`UPDATE audit_events SET seq = -1 WHERE id = '${idOf(10)}'`)
    await trail.query(`UPDATE audit_events SET seq = ${first} WHERE id = '${idOf(20)}'`)
    await trail.query(`UPDATE audit_events SET seq = ${second} WHERE id = '${idOf(10)}'`)
    await trail.query(`UPDATE audit_events SET seq = 5000 WHERE id = '${idOf(30)}'`)
    await trail.query('ALTER TABLE audit_events ALTER seq ADD GENERATED ALWAYS AS IDENTITY (RESTART 5001)')
    await trail.query('GRANT SELECT ON SEQUENCE audit_events_seq_seq TO user_management_app')
    await expectFound(
      trail.verify(),
      RegExp(`event ${idOf(10)} .*(moved|changed).* since seal 1`),
      RegExp(`event ${idOf(20)} .*(moved|changed).* since seal 1`),
      /moved, its seq is not the one it had/,
      `event ${idOf(30)} (seq 5000): moved`,
    )
  })

  test('AUD-07! names every event of a truncated table', async () => {
    await trail.tamper('TRUNCATE audit_events')
    await expectFound(
      trail.verify(),
      `event ${idOf(1)}: removed since seal 1`,
      `event ${idOf(300)}: removed`,
      ': 301 findings',
    )
  })

  const cutOff = [`DELETE FROM audit_events WHERE id >= '${idOf(201)}'`, 'DELETE FROM audit_seals WHERE number = 3']

  test('AUD-08 the last hundred cut off with their seal: the heads kept outside tell', async () => {
    const heads = await trail.keepHeads()
    await trail.tamper(...cutOff, `SELECT setval('audit_events_seq_seq', (SELECT max(seq) FROM audit_events))`)
    await expectFound(trail.verify('--heads', heads), 'seal 3: cut off; their heads were kept outside')
  })

  test('AUD-07! the last hundred cut off with their seal: without heads the numbers given out tell', async () => {
    await trail.tamper(...cutOff)
    await expectFound(trail.verify(), /seq \d+ to \d+: given out and not there; cut off/)
  })

  test('AUD-07! a tail cut off with its numbers: what it told of is still there', async () => {
    const { user } = await signInAs(trail.api, 'user')
    await sealAudit(trail.api.context)
    await trail.tamper(
      `DELETE FROM audit_events WHERE subject_id = '${user.id}'`,
      'DELETE FROM audit_seals WHERE number = 4',
      `SELECT setval('audit_events_seq_seq', (SELECT max(seq) FROM audit_events))`,
    )
    await expectFound(
      trail.verify(),
      `user ${user.id} (of `,
      /session [0-9a-f-]{36} .*: has no event; the trail was cut off/,
    )
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
    await trail.tamper(`UPDATE audit_seals SET ${change} WHERE number = 2`)
    await expectFound(trail.verify(), finding)
  })

  test('AUD-07! names a removed seal', async () => {
    await trail.tamper('DELETE FROM audit_seals WHERE number = 2')
    await expectFound(trail.verify(), /^seal 2: removed/m, `event ${idOf(101)} (seq `, 'added: no seal holds it')
  })

  test('AUD-08 a seal replaced by another of the same key: the heads kept outside tell', async () => {
    const heads = await trail.keepHeads()
    await trail.tamper(
      'DELETE FROM audit_seals WHERE number = 3',
      `UPDATE audit_events SET action = 'y' WHERE id = '${idOf(250)}'`,
    )
    await sealAudit(trail.api.context)
    expect((await trail.verify()).code).toBe(0)
    await expectFound(trail.verify('--heads', heads), 'seal 3: replaced, it is not the one whose head was kept outside')
  })

  test('AUD-07! a seal replaced by one of another key', async () => {
    const other = readSealKey(createSealKeyPem())!
    await trail.tamper('DELETE FROM audit_seals WHERE number = 3')
    await sealAudit({
      ...trail.api.context,
      sealKey: () => Promise.resolve({ key: other, derived: [], isDerived: false }),
    })
    await expectFound(trail.verify(), `seals 3 to 3: signed by ${other.id}, which is none of the known keys`)
    const both = join(trail.folder, 'both.pem')
    await writeFile(
      both,
      publicKeyPem(other.publicKey) + publicKeyPem((await trail.api.context.sealKey()).key.publicKey),
    )
    expect((await trail.verify('--public-key', both)).code).toBe(0)
  })
})
