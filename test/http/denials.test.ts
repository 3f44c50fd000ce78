import { startApi, type Api } from '../support/api.ts'
import { addPerson, signInAs, type SignedIn } from '../support/people.ts'
import { countEvents, eventsOf } from '../support/trail.ts'

describe('a request that is denied', () => {
  let api: Api
  let user: SignedIn
  let moderator: SignedIn
  let admin: SignedIn
  beforeAll(async () => {
    api = await startApi()
    user = await signInAs(api, 'user')
    moderator = await signInAs(api, 'moderator')
    admin = await signInAs(api, 'admin')
  })
  afterAll(() => api.close())

  const outcomes = async (): Promise<Record<string, number>> => {
    const { values } = await api.context.metrics.denials.get()
    return Object.fromEntries(values.map(({ labels, value }) => [String(labels.outcome), value]))
  }

  test('AUD-09! AZ-16: is an event that says who, what and from where', async () => {
    const answer = await api.send('GET', '/v1/users', { token: user.token, query: { search: 'somebody' } })
    expect(answer.status).toBe(403)
    const { id, role } = user.user
    expect(await eventsOf(api, answer)).toMatchObject([
      {
        ...{ action: 'access.denied', outcome: 'failure', actor_id: id, actor_role: role, subject_id: null },
        ...{ changes: { operation: { after: 'listUsers' } }, ip: '127.0.0.1' },
      },
    ])
  })

  test('AZ-16: names the user it was aimed at, where that can be one', async () => {
    const subjectOf = async (id: string) => {
      const answer = await api.send('DELETE', `/v1/users/${id}`, { token: user.token })
      return (await eventsOf(api, answer)).map(({ action, subject_id }) => [action, subject_id])
    }
    expect(await subjectOf(admin.user.id)).toEqual([['access.denied', admin.user.id]])
    expect(await subjectOf('root')).toEqual([['access.denied', null]])
  })

  test('AUD-09! is an event, too, where a handler refuses in a transaction that is rolled back', async () => {
    const patch = { body: { first_name: 'Joan' } }
    const denied = [
      await api.send('PATCH', `/v1/users/${admin.user.id}`, { token: moderator.token, ...patch }),
      await api.send('PATCH', `/v1/users/${user.user.id}`, { token: user.token, body: { role: 'admin' } }),
      await api.send('DELETE', `/v1/users/${admin.user.id}/sessions`, { token: moderator.token }),
      await api.send('GET', '/v1/users', { token: moderator.token, query: { deleted: 'only' } }),
    ]
    expect(denied.map(({ status }) => status)).toEqual([403, 403, 403, 403])
    const events = await Promise.all(denied.map((answer) => eventsOf(api, answer)))
    expect(events.map((each) => each.map(({ action, changes }) => [action, changes.operation?.after]))).toEqual([
      [['access.denied', 'updateUser']],
      [['access.denied', 'updateUser']],
      [['access.denied', 'endUserSessions']],
      [['access.denied', 'listUsers']],
    ])
  })

  test('AUD-12: fills the trail for nobody: what is too much of the same is counted and logged', async () => {
    const { user: flooder, token } = await signInAs(api, 'user')
    const [before, count] = [await outcomes(), await countEvents(api)]
    for (let turn = 0; turn < 25; turn += 1) {
      const answer = await api.send('GET', '/v1/audit-events', { token, isDenialLeftOut: turn >= 20 })
      expect(answer.status).toBe(403)
    }
    expect(await countEvents(api)).toBe(count + 20)
    const after = await outcomes()
    expect([after.recorded! - before.recorded!, after.left_out! - before.left_out!]).toEqual([20, 5])
    const lines = api.log.filter(({ actor_id, msg }) => actor_id === flooder.id && /left out/.test(String(msg)))
    expect(lines.map(({ operation }) => operation)).toEqual(Array(5).fill('listAuditEvents'))
    // It hides nothing else.
    await api.send('GET', '/v1/users', { token })
    expect(await countEvents(api)).toBe(count + 21)
  })

  test('FLT-46: is denied all the same where the event cannot be written', async () => {
    const person = await addPerson(api)
    await api.database.query('REVOKE INSERT ON audit_events FROM user_management_app')
    const before = await outcomes()
    const answer = await api.send('DELETE', `/v1/users/${person.id}`, { token: moderator.token, isDenialLeftOut: true })
    await api.database.query('GRANT INSERT ON audit_events TO user_management_app')
    expect([answer.status, answer.body]).toMatchObject([403, { type: '/problems/forbidden' }])
    expect((await outcomes()).failed).toBe(before.failed! + 1)
    expect(api.log.map(({ msg }) => msg)).toContain('a denial could not be written into the audit trail')
  })
})
