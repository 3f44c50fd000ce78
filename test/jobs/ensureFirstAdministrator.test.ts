import { ensureFirstAdministrator } from '../../src/jobs/ensureFirstAdministrator.ts'
import { startApi, type Api } from '../support/api.ts'
import { addPerson, signInAs } from '../support/people.ts'
import { eventsAbout } from '../support/trail.ts'

const named = { ADMIN_USERNAME: 'chief', ADMIN_EMAIL: 'chief@example.com', ADMIN_PASSWORD: 'harbour lights at five' }
const users = 'SELECT id, username, email, role, is_active FROM users'

async function withApi(env: Record<string, string>, work: (api: Api) => Promise<void>): Promise<void> {
  const api = await startApi({ env })
  try {
    await work(api)
  } finally {
    await api.close()
  }
}

test('makes the administrator the configuration names, who can sign in', async () => {
  await withApi(named, async (api) => {
    const made = await ensureFirstAdministrator(api.context)
    expect(made).toEqual({ username: 'chief', generatedPassword: undefined })
    const [user] = await api.database.query<{ id: string }>(users)
    expect(user).toMatchObject({ username: 'chief', email: 'chief@example.com', role: 'admin', is_active: true })
    expect(await eventsAbout(api, user!.id)).toMatchObject([{ action: 'user.created', actor_id: null }])
    const body = { identifier: 'chief', password: named.ADMIN_PASSWORD }
    expect((await api.send('POST', '/v1/auth/login', { body })).status).toBe(200)
  })
})

test('of two instances that start at once one makes one', async () => {
  await withApi(named, async (one) => {
    const other = await startApi({ env: named, database: one.database })
    const both = [one, other, one, other].map(({ context }) => ensureFirstAdministrator(context))
    expect((await Promise.all(both)).filter((made) => made !== undefined)).toHaveLength(1)
    expect(await one.database.query(users)).toHaveLength(1)
    await other.close()
  })
})

test('PWD-23 makes a random password in development, and nobody anywhere else without being told', async () => {
  await withApi({ ENVIRONMENT: 'development' }, async (api) => {
    const made = await ensureFirstAdministrator(api.context)
    expect(made?.generatedPassword).toMatch(/^[\w-]{20}$/)
    const body = { identifier: 'admin', password: made!.generatedPassword }
    expect((await api.send('POST', '/v1/auth/login', { body })).status).toBe(200)
    expect(JSON.stringify(api.log)).not.toContain(made!.generatedPassword)
  })
  await withApi({ ENVIRONMENT: 'test' }, async (api) => {
    expect(await ensureFirstAdministrator(api.context)).toBeUndefined()
    expect(await api.database.query(users)).toEqual([])
  })
})

test('leaves a database alone that has or had people', async () => {
  await withApi(named, async (api) => {
    const person = await addPerson(api)
    expect(await ensureFirstAdministrator(api.context)).toBeUndefined()
    const admin = await signInAs(api, 'admin')
    await api.send('DELETE', `/v1/users/${person.id}`, { token: admin.token })
    await api.database.query('UPDATE users SET deleted_at = now()')
    expect(await ensureFirstAdministrator(api.context)).toBeUndefined()
    expect(await api.database.query(users)).toHaveLength(2)
  })
})
