import { purgeDeletedUsers } from '../../src/jobs/purgeDeletedUsers.ts'
import { startApi, type Api } from '../support/api.ts'
import { addPerson, signInAs, type SignedIn } from '../support/people.ts'
import { eventsAbout } from '../support/trail.ts'

describe('purgeDeletedUsers', () => {
  let api: Api
  let other: Api
  let admin: SignedIn
  beforeAll(async () => {
    api = await startApi()
    other = await startApi({ database: api.database })
    admin = await signInAs(api, 'admin')
  })
  afterAll(async () => {
    await other.close()
    await api.close()
  })

  /** Somebody who was deleted so long ago. */
  async function deleted(interval: string): Promise<string> {
    const { id } = await addPerson(api)
    await api.send('DELETE', `/v1/users/${id}`, { token: admin.token })
    await api.database.query('UPDATE users SET deleted_at = deleted_at - $1::interval WHERE id = $2', [interval, id])
    return id
  }
  const isThere = async (id: string) => (await api.database.query('SELECT FROM users WHERE id = $1', [id])).length === 1
  const post = (id: string, act: string) =>
    api.send('POST', `/v1/users/${id}/${act}`, { token: admin.token, isNoChange: 'perhaps' })

  test('DEL-04 erases who was deleted 30 days ago, and nobody earlier', async () => {
    const [old, young, living] = [await deleted('30 days'), await deleted('29 days 23 hours'), await addPerson(api)]
    expect(await purgeDeletedUsers(api.context)).toBe(1)
    expect(await Promise.all([old, young, living.id].map(isThere))).toEqual([false, true, true])
    const events = await eventsAbout(api, old)
    expect(events.map(({ action }) => action)).toEqual(['user.created', 'user.deleted', 'user.purged'])
    expect(events.at(-1)).toMatchObject({ actor_id: null, ip: null, changes: {}, request_id: 'purge-deleted-users' })
    expect((await post(old, 'restore')).status).toBe(404)
    expect((await post(young, 'restore')).status).toBe(200)
    expect((await post(old, 'erase')).body).toMatchObject({ user_id: old, reason: 'retention', erased_by: null })
  })

  test('PRV-04 DELETED_USER_RETENTION_DAYS says how long; 0 is for ever', async () => {
    const id = await deleted('400 days')
    const keeping = (days: string) => startApi({ database: api.database, env: { DELETED_USER_RETENTION_DAYS: days } })
    for (const [days, purged] of [
      ['0', 0],
      ['401', 0],
      ['399', 1],
    ] as const) {
      await using opened = new AsyncDisposableStack()
      const keeper = await keeping(days)
      opened.defer(() => keeper.close())
      expect(await purgeDeletedUsers(keeper.context)).toBe(purged)
    }
    expect(await isThere(id)).toBe(false)
  })

  test('instances that purge at once erase each user once', async () => {
    const ids: string[] = []
    for (let each = 0; each < 30; each += 1) ids.push(await deleted('31 days'))
    const counts = await Promise.all([api, other, api, other].map(({ context }) => purgeDeletedUsers(context)))
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(30)
    const receipts = await api.database.query('SELECT FROM erasures WHERE user_id = ANY ($1)', [ids])
    const events = await api.database.query(
      `SELECT FROM audit_events WHERE action = 'user.purged' AND subject_id = ANY ($1)`,
      [ids],
    )
    expect([receipts.length, events.length]).toEqual([30, 30])
  })

  test('one who is restored at that moment is either restored or erased, never half', async () => {
    for (let round = 0; round < 20; round += 1) {
      const id = await deleted('31 days')
      const [answer, count] = await Promise.all([post(id, 'restore'), purgeDeletedUsers(other.context)])
      expect([
        [200, 0, true],
        [404, 1, false],
      ]).toContainEqual([answer.status, count, await isThere(id)])
    }
  })

  test('one who cannot be erased holds up no other, and is a line of the log', async () => {
    const [stuck, free] = [await deleted('60 days'), await deleted('31 days')]
    await api.database.query(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = 'P0001'; END $$`)
    await api.database.query(`CREATE TRIGGER stuck BEFORE DELETE ON users FOR EACH ROW WHEN (OLD.id = '${stuck}')
      EXECUTE FUNCTION refuse()`)
    const lines = api.log.length
    expect(await purgeDeletedUsers(api.context)).toBe(1)
    expect(await Promise.all([stuck, free].map(isThere))).toEqual([true, false])
    expect(api.log.slice(lines)).toMatchObject([{ level: 'error', user_id: stuck }])
    await api.database.query('DROP TRIGGER stuck ON users')
    expect(await purgeDeletedUsers(api.context)).toBe(1)
  })

  test('stops where it is told to', async () => {
    const id = await deleted('31 days')
    expect(await purgeDeletedUsers(api.context, AbortSignal.abort())).toBe(0)
    expect(await isThere(id)).toBe(true)
  })
})
