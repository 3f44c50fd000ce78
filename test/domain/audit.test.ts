import { randomUUID } from 'node:crypto'
import { inTransaction } from '../../src/db/transaction.ts'
import { audit, auditMany, type AuditDetails } from '../../src/domain/audit.ts'
import { destroySubjectKey } from '../../src/queries/subjectKeys.ts'
import { startApi, type Api } from '../support/api.ts'
import { addPerson, password, signInAs, uniqueName, type SignedIn } from '../support/people.ts'
import { eventsAbout, eventsOf } from '../support/trail.ts'

const everything = `SELECT json_agg(e ORDER BY seq)::text AS text FROM audit_events e`
const keysOf = 'SELECT user_id FROM subject_keys WHERE user_id = $1'

describe('personal values in events', () => {
  let api: Api
  let admin: SignedIn
  beforeAll(async () => {
    api = await startApi()
    admin = await signInAs(api, 'admin')
  })
  afterAll(() => api.close())

  const create = async () => {
    const name = uniqueName('private')
    const body = { username: name, email: `${name}@example.com`, first_name: 'Ottilie', password }
    const sent = { token: admin.token, body, headers: { 'user-agent': `agent of ${name}` } }
    const answer = await api.send('POST', '/v1/users', sent)
    expect(answer.status).toBe(201)
    return { ...body, id: (answer.body as { id: string }).id, answer }
  }
  const erase = (id: string) =>
    inTransaction(api.context.db, async (tx) => {
      await tx.deleteFrom('users').where('id', '=', id).execute()
      await destroySubjectKey(tx, id)
    })
  /** Somebody of the time before there were keys. */
  const withoutKey = async () => {
    const person = await addPerson(api)
    await inTransaction(api.context.db, (tx) => destroySubjectKey(tx, person.id))
    return person
  }
  const client = { ip: '192.0.2.44', userAgent: 'a browser', requestId: 'audit-test', traceId: undefined }

  test('PRV-02! are stored encrypted, under the names of their fields', async () => {
    const person = await create()
    const [stored] = await api.database.query<{ text: string }>(everything)
    for (const value of [person.username, person.email, person.first_name, person.email.toUpperCase()]) {
      expect(stored!.text).not.toContain(value)
      expect(stored!.text).not.toContain(Buffer.from(value).toString('hex'))
    }
    const [row] = await api.database.query<{ changes: object }>(
      'SELECT changes, ip, user_agent FROM audit_events WHERE subject_id = $1',
      [person.id],
    )
    const readable = { role: { after: 'user' }, is_active: { after: true } }
    const changes = { username: {}, email: {}, first_name: {}, last_name: {}, ...readable }
    expect(row).toEqual({ changes, ip: null, user_agent: null })
  })

  test('AUD-01! are read as they were written', async () => {
    const { answer, ...person } = await create()
    const [event] = await eventsOf(api, answer)
    expect(event).toMatchObject({
      changes: { username: { after: person.username }, email: { after: person.email }, last_name: { after: null } },
      ip: '127.0.0.1',
      user_agent: `agent of ${person.username}`,
    })
  })

  test('PRV-02! are gone with the key, and nothing else is', async () => {
    const [erased, kept] = [await create(), await create()]
    const [before] = await api.database.query<{ text: string }>(everything)
    await erase(erased.id)
    expect((await api.database.query<{ text: string }>(everything))[0]).toEqual(before)
    const [event] = await eventsAbout(api, erased.id)
    // The administrator's own address is the administrator's.
    expect(event).toMatchObject({ action: 'user.created', actor_id: admin.user.id, ip: '127.0.0.1' })
    expect(event!.changes).toMatchObject({ username: {}, email: {}, role: { after: 'user' } })
    expect((await eventsAbout(api, kept.id))[0]!.changes).toMatchObject({ email: { after: kept.email } })
  })

  test('PRV-02! of somebody erased stay unreadable, whatever is written about them later', async () => {
    const { id } = await create()
    await erase(id)
    const details = { subjectId: id, changes: { email: { after: 'late@example.com' } } }
    await inTransaction(api.context.db, (tx) => audit(tx, 'user.updated', { actor: undefined, client }, details))
    expect((await eventsAbout(api, id)).at(-1)).toMatchObject({ changes: { email: {} }, ip: null, user_agent: null })
    expect(await api.database.query(keysOf, [id])).toEqual([])
  })

  test.each(['has a key', 'has none yet'])('PRV-02! an event written while its person, who %s, goes', async (which) => {
    const { id } = which === 'has a key' ? await addPerson(api) : await withoutKey()
    let erased: Promise<void> | undefined
    await inTransaction(api.context.db, async (tx) => {
      await audit(tx, 'login.failed', { actor: undefined, client }, { subjectId: id })
      erased = erase(id)
    })
    await erased
    expect((await eventsAbout(api, id)).at(-1)).toMatchObject({ ip: null, user_agent: null })
    expect(await api.database.query(keysOf, [id])).toEqual([])
  })

  test('two transactions that need the first key of a person at once agree on one', async () => {
    const { id } = await withoutKey()
    const origin = { actor: undefined, client }
    const write = (email: string) =>
      inTransaction(api.context.db, (tx) =>
        audit(tx, 'user.updated', origin, { subjectId: id, changes: { email: { after: email } } }),
      )
    await Promise.all(['a', 'b', 'c', 'd', 'e'].map(write))
    const emails = (await eventsAbout(api, id)).map(({ changes }) => changes.email?.after)
    expect(emails.slice(1).sort()).toEqual(['a', 'b', 'c', 'd', 'e'])
  })

  test('a ciphertext moved to another event or part is not read', async () => {
    const [one, other] = [await create(), await create()]
    const swap = `UPDATE audit_events SET personal_changes = personal_origin WHERE subject_id = $1`
    await api.database.query('ALTER TABLE audit_events DISABLE TRIGGER ALL')
    await api.database.query(swap, [one.id])
    await api.database.query(
      `UPDATE audit_events SET personal_origin = (SELECT personal_origin FROM audit_events WHERE subject_id = $1)
       WHERE subject_id = $2`,
      [one.id, other.id],
    )
    await api.database.query('ALTER TABLE audit_events ENABLE TRIGGER ALL')
    expect((await eventsAbout(api, one.id))[0]!.changes.email).toEqual({})
    expect((await eventsAbout(api, other.id))[0]).toMatchObject({ ip: null, user_agent: null })
  })

  test('thousands of events take two statements and keep their order', async () => {
    const people = await Promise.all(Array.from({ length: 20 }, () => addPerson(api)))
    const details: AuditDetails[] = Array.from({ length: 3000 }, (_, index) => ({
      subjectId: people[index % 20]!.id,
      changes: { email: { before: null, after: `${index}@example.com` }, role: { after: 'user' } },
    }))
    const requestId = randomUUID()
    await inTransaction(api.context.db, (tx) =>
      auditMany(tx, 'user.created', { actor: undefined, client: { ...client, requestId } }, details),
    )
    const events = await eventsOf(api, { headers: { 'x-request-id': requestId } })
    expect(events.map(({ changes }) => changes)).toEqual(details.map(({ changes }) => changes))
    expect(new Set(events.map(({ ip }) => ip))).toEqual(new Set([client.ip]))
  })

  test('an event about nobody keeps its address in the clear', async () => {
    const answer = await api.send('POST', '/v1/auth/login', { body: { identifier: 'nobody.here', password } })
    const [row] = await api.database.query<{ ip: string }>(
      'SELECT host(ip) AS ip, personal_origin FROM audit_events WHERE request_id = $1',
      [answer.headers['x-request-id']],
    )
    expect(row).toEqual({ ip: '127.0.0.1', personal_origin: null })
  })
})
