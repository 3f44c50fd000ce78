import { randomUUID } from 'node:crypto'
import { inTransaction } from '../../../src/db/transaction.ts'
import { destroySubjectKey } from '../../../src/queries/subjectKeys.ts'
import { startApi, type Api } from '../../support/api.ts'
import { addPerson, signInAs, type SignedIn } from '../../support/people.ts'

describe('getAuditEvent', () => {
  let api: Api
  let admin: SignedIn
  beforeAll(async () => {
    api = await startApi()
    admin = await signInAs(api, 'admin')
  })
  afterAll(() => api.close())

  const read = (id: string, token = admin.token) => api.send('GET', `/v1/audit-events/${id}`, { token })
  const createdEvent = async (userId: string): Promise<string> => {
    const [row] = await api.database.query<{ id: string }>(
      `SELECT id FROM audit_events WHERE subject_id = $1 AND action = 'user.created'`,
      [userId],
    )
    return row!.id
  }

  test('answers the event with its values before and after', async () => {
    const person = await addPerson(api)
    const answer = await read(await createdEvent(person.id))
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({
      changes: { email: { before: null, after: person.email }, role: { before: null, after: 'user' } },
      erased: false,
    })
    expect(answer.text).not.toMatch(/password|argon2/)
  })

  test('PRV-02! of a person who was erased it keeps the names of the fields', async () => {
    const person = await addPerson(api)
    const id = await createdEvent(person.id)
    await inTransaction(api.context.db, async (tx) => {
      await tx.deleteFrom('users').where('id', '=', person.id).execute()
      await destroySubjectKey(tx, person.id)
    })
    const answer = await read(id)
    expect(answer.body).toMatchObject({
      subject_id: person.id,
      changes: { email: { before: null, after: null }, role: { before: null, after: 'user' } },
      ip: null,
      erased: true,
    })
    for (const value of [person.username, person.email]) expect(answer.text).not.toContain(value)
  })

  test('says that there is none, or that it is not for everybody', async () => {
    expect((await read(randomUUID())).status).toBe(404)
    const { token } = await signInAs(api, 'moderator')
    expect((await read(randomUUID(), token)).status).toBe(403)
    expect((await read('1')).status).toBe(400)
  })
})
