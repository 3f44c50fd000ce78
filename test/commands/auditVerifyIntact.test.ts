import { join } from 'node:path'
import { inTransaction } from '../../src/db/transaction.ts'
import { sealAudit } from '../../src/jobs/sealAudit.ts'
import { destroySubjectKey } from '../../src/queries/subjectKeys.ts'
import { addPerson } from '../support/people.ts'
import { expectFound, idOf, sealTrail, type SealedTrail } from '../support/sealedTrail.ts'

describe('npm run audit:verify, where nothing was touched', () => {
  let trail: SealedTrail
  beforeEach(async () => (trail = await sealTrail()))
  afterEach(() => trail.close())

  test('AUD-07! exits 0 where nothing was touched, with heads and without, all and since', async () => {
    const heads = await trail.keepHeads()
    for (const words of [[], ['--heads', heads], ['--since', '2'], ['--since', '2001-01-01T00:00:00Z']]) {
      const { code, output, errors } = await trail.verify(...words)
      expect([code, errors]).toEqual([0, ''])
      expect(output).toMatch(/^\d+ events, seals [12] to 3, 0 waiting to be sealed: no findings\.\n/)
    }
  })

  test('AUD-13! the clock set back an hour changes neither order nor verdict', async () => {
    await trail.query(`ALTER FUNCTION stamp_audit_event() RENAME TO stamp_before`)
    await trail.query(`CREATE FUNCTION stamp_audit_event() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN NEW.occurred_at := clock_timestamp() - interval '1 hour'; RETURN NEW; END $$`)
    await trail.query('DROP TRIGGER audit_events_stamp ON audit_events')
    await trail.query(`CREATE TRIGGER audit_events_stamp BEFORE INSERT ON audit_events
      FOR EACH ROW EXECUTE FUNCTION stamp_audit_event()`)
    await trail.write(301, 320)
    await sealAudit(trail.api.context)
    expect((await trail.verify()).code).toBe(0)
  })

  test('AUD-14 a further column leaves old rows what they were', async () => {
    await trail.query('ALTER TABLE audit_events ADD COLUMN later text')
    expect((await trail.verify()).code).toBe(0)
  })

  test('PRV-02! AUD-04! erasing a person leaves every seal as it was', async () => {
    const person = await addPerson(trail.api)
    await sealAudit(trail.api.context)
    await inTransaction(trail.api.context.db, async (tx) => {
      await tx.deleteFrom('users').where('id', '=', person.id).execute()
      await destroySubjectKey(tx, person.id)
    })
    expect((await trail.verify('--heads', await trail.keepHeads())).code).toBe(0)
  })

  test('an event that nobody has sealed for long is named, a new one is not', async () => {
    await trail.write(301, 301)
    expect((await trail.verify()).output).toMatch('1 waiting to be sealed: no findings')
    await trail.tamper(`UPDATE audit_events SET occurred_at = now() - interval '2 minutes' WHERE id = '${idOf(301)}'`)
    await expectFound(trail.verify(), `event ${idOf(301)} (seq `, 'nobody seals, or it was added')
  })

  test('says what is wrong with what it is given', async () => {
    const [bad, empty] = [
      await trail.verify('--since', 'yesterday'),
      await trail.verify('--heads', trail.env.AUDIT_SEAL_KEY_FILE!),
    ]
    expect(bad).toMatchObject({ code: 1, errors: expect.stringMatching(/^Usage: npm run audit:verify/) as string })
    expect(empty.errors).toMatch(/has no line "audit sealed" in it/)
    trail.env.AUDIT_SEAL_KEY_FILE = join(trail.folder, 'nothing.pem')
    expect(await trail.verify()).toMatchObject({
      code: 78,
      errors: expect.stringMatching(/AUDIT_SEAL_KEY_FILE cannot be read/) as string,
    })
  })
})
