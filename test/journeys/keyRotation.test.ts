import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createKeys, pruneKeys, revokeKey, rotateKeys, type Command } from '../../src/commands/keyCommands.ts'
import { publishSeconds } from '../../src/security/keyTimeline.ts'
import { startApi, type Api } from '../support/api.ts'
import { decode } from '../support/forge.ts'
import { createKeyFolder, signedBy, type KeyFolder } from '../support/keyFiles.ts'
import { addPerson, signIn, type SignedIn } from '../support/people.ts'

/** Somebody who keeps both instances busy, and stays signed in as a client does: by a refresh now and then. */
interface Client {
  statuses: number[]
  token: () => string
  refresh: () => Promise<void>
  stop: () => Promise<void>
}

function startClient(instances: Api[], person: SignedIn): Client {
  let { token, refreshToken } = person
  let isStopped = false
  let turn = 0
  const statuses: number[] = []
  const next = () => instances[turn++ % instances.length]!

  async function refresh(): Promise<void> {
    const { status, body } = await next().send('POST', '/v1/auth/refresh', { body: { refresh_token: refreshToken } })
    statuses.push(status)
    if (status !== 200) return
    const pair = body as { access_token: string; refresh_token: string }
    token = pair.access_token
    refreshToken = pair.refresh_token
  }
  async function work(): Promise<void> {
    while (!isStopped) statuses.push((await next().send('GET', '/v1/auth/me', { token })).status)
  }
  const working = work()
  return {
    statuses,
    token: () => token,
    refresh,
    async stop() {
      isStopped = true
      await working
    },
  }
}

describe('two instances that share a key file', () => {
  const lifetime = 900
  let folder: KeyFolder
  let file: string
  let instances: Api[]
  const command = (now = Date.now()): Command => ({ file, folder: undefined, lifetime, algorithm: undefined, now })
  const kidOf = (token: string) => String(decode(token).header.kid)
  const listed = async (api: Api) => {
    const { body } = await api.send('GET', '/.well-known/jwks.json')
    return (body as { keys: { kid: string }[] }).keys.map(({ kid }) => kid)
  }
  const reread = (api: Api) => api.context.keys.reread()
  const status = async (api: Api, token: string) => (await api.send('GET', '/v1/auth/me', { token })).status

  beforeAll(async () => {
    folder = createKeyFolder()
    file = join(folder.path, 'signing.pem')
    await createKeys(command())
    const first = await startApi({ env: signedBy(file) })
    instances = [first, await startApi({ env: signedBy(file), database: first.database })]
  })
  afterAll(async () => {
    for (const api of instances.reverse()) await api.close()
    folder.remove()
  })

  test('JWT-09, CFG-03: change keys under load without one refusal, and drop the old key', async () => {
    const [one, two] = instances as [Api, Api]
    const people = await Promise.all([1, 2, 3].map(async () => signIn(one, (await addPerson(one)).username)))
    const clients = people.map((person) => startClient(instances, person))
    const original = people[0]!.token
    const [old] = await listed(one)
    expect(await listed(two)).toEqual([old])

    // So long ago that what takes minutes takes seconds; no step of it is left out.
    const start = Date.now() + 3000
    await rotateKeys(command(start - publishSeconds * 1000))
    await reread(one)
    const [, fresh] = await listed(one)
    expect([await listed(one), await listed(two)]).toEqual([[old, fresh], [old]])
    await Promise.all(clients.map(({ refresh }) => refresh()))
    expect(clients.map(({ token }) => kidOf(token()))).toEqual([old, old, old])
    await reread(two)
    expect(await listed(two)).toEqual([old, fresh])

    // Across the moment at which both begin to sign with the new key, each at its own pace.
    while (Date.now() < start + 500) {
      await Promise.all(clients.map(({ refresh }) => refresh()))
      await sleep(50)
    }
    expect(clients.map(({ token }) => kidOf(token()))).toEqual([fresh, fresh, fresh])
    expect([await status(one, original), await status(two, original)]).toEqual([200, 200])

    const end = start + (24 * 3600 + 2 * 60) * 1000
    await pruneKeys(command(end - 1))
    await Promise.all(instances.map(reread))
    expect(await listed(one)).toEqual([old, fresh])
    await pruneKeys(command(end))
    await reread(one)
    expect([await listed(one), await listed(two)]).toEqual([[fresh], [old, fresh]])
    await reread(two)
    expect(await listed(two)).toEqual([fresh])

    await Promise.all(clients.map(({ stop }) => stop()))
    const statuses = clients.flatMap((client) => client.statuses)
    expect(statuses.length).toBeGreaterThan(100)
    expect(new Set(statuses)).toEqual(new Set([200]))
    expect([await status(one, original), await status(two, original)]).toEqual([401, 401])
  })

  test('keep the cursors of lists across a rotation', async () => {
    const [one, two] = instances as [Api, Api]
    const { token } = await signIn(one, (await addPerson(one, { role: 'admin' })).username)
    const first = await one.send('GET', '/v1/users', { token, query: { limit: 1 } })
    const { next_cursor: cursor } = (first.body as { page: { next_cursor: string } }).page
    await rotateKeys(command(Date.now() - publishSeconds * 1000 - 1))
    await reread(two)
    const second = await two.send('GET', '/v1/users', { token, query: { limit: 1, cursor } })
    expect(second.status).toBe(200)
    const later = (second.body as { page: { next_cursor: string } }).page.next_cursor
    await reread(one)
    expect((await one.send('GET', '/v1/users', { token, query: { limit: 1, cursor: later } })).status).toBe(200)
  })

  test('JWT-10: refuse the tokens of a revoked key at once, and go on with another', async () => {
    const { username } = await addPerson(instances[0]!)
    const { token } = await signIn(instances[0]!, username)
    const statuses = () => Promise.all(instances.map((api) => status(api, token)))
    expect(await statuses()).toEqual([200, 200])
    await revokeKey(command(), kidOf(token))
    await Promise.all(instances.map(reread))
    expect(await statuses()).toEqual([401, 401])
    const again = await signIn(instances[1]!, username)
    expect(await Promise.all(instances.map((api) => status(api, again.token)))).toEqual([200, 200])
    expect(kidOf(again.token)).not.toBe(kidOf(token))
  })
})
