import { createServer, type Socket } from 'node:net'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { sendMail } from '../../src/jobs/sendMail.ts'
import { startApi, type Api } from '../support/api.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { addPerson } from '../support/people.ts'
import { until } from '../support/service.ts'
import { startSmtpSink, type SmtpSink } from '../support/smtpSink.ts'

interface Queued {
  attempts: number
  /** Seconds. */
  pause: number
}

describe('sendMail', () => {
  let database: TestDatabase
  const opened: { close(): Promise<unknown> }[] = []
  beforeAll(async () => {
    database = await createTestDatabase()
  })
  afterEach(async () => {
    for (const each of opened.splice(0).reverse()) await each.close()
    await database.query('DELETE FROM outbox')
  })
  afterAll(() => database.drop())

  const keep = <Each extends { close(): Promise<unknown> }>(each: Each): Each => (opened.push(each), each)
  const start = async (url: string): Promise<Api> => keep(await startApi({ database, env: { SMTP_URL: url } }))
  const sink = async (behaviour: Parameters<typeof startSmtpSink>[0] = {}): Promise<SmtpSink> =>
    keep(await startSmtpSink(behaviour))
  const forget = async (api: Api, email: string) => {
    const answer = await api.send('POST', '/v1/auth/password/forgot', { body: { email } })
    expect(answer.status).toBe(202)
  }
  const queued = () =>
    database.query<Queued>(
      `SELECT attempts, round(extract(epoch FROM next_attempt_at - now()))::integer AS pause FROM outbox ORDER BY id`,
    )
  const makeDue = () => database.query('UPDATE outbox SET next_attempt_at = now()')
  const complaints = (api: Api) => api.log.filter(({ mail_id: id }) => id !== undefined)

  test('hands a mail over to the mail server, in plain text and HTML, and forgets it', async () => {
    const server = await sink()
    const api = await start(server.url)
    const person = await addPerson(api)
    await forget(api, person.email)
    const [row] = await database.query<{ id: string }>('SELECT id FROM outbox')
    expect([await sendMail(api.context), await sendMail(api.context)]).toEqual([1, 0])
    expect(server.mails).toMatchObject([{ to: person.email, subject: 'Set a new password for User Management API' }])
    const { headers, text, html, token } = server.mails[0]!
    expect(headers).toMatchObject({
      from: 'User Management API <no-reply@localhost>',
      'message-id': `<${row!.id}@localhost>`,
      'auto-submitted': 'auto-generated',
    })
    expect(headers['content-type']).toMatch(/^multipart\/alternative;/)
    expect([text, html].map((part) => part.includes(token!))).toEqual([true, true])
    expect(await queued()).toEqual([])
  })

  test('FLT-41 nothing listens: the request is answered, the mail tried again ever later, and sent once', async () => {
    const away = await startSmtpSink()
    await away.close()
    const api = await start(away.url)
    const person = await addPerson(api)
    await forget(api, person.email)
    for (const pause of [5, 10, 20]) {
      expect(await sendMail(api.context)).toBe(0)
      const [row] = await queued()
      expect(row!.pause).toBeGreaterThan(pause - 3)
      expect(row!.pause).toBeLessThanOrEqual(pause)
      expect(await sendMail(api.context)).toBe(0) // Not due.
      await makeDue()
    }
    await database.query('UPDATE outbox SET attempts = 30')
    await sendMail(api.context)
    expect((await queued())[0]!.pause).toBeLessThanOrEqual(3600)
    expect(complaints(api)).toHaveLength(4)
    expect(complaints(api)[0]).toMatchObject({ level: 'warn', kind: 'password-reset', attempts: 1, retry_in_s: 5 })
    expect(JSON.stringify(complaints(api))).not.toContain(person.email)

    const server = await sink({ port: Number(new URL(away.url).port) })
    await makeDue()
    expect([await sendMail(api.context), await sendMail(api.context)]).toEqual([1, 0])
    expect(server.mails.map(({ to }) => to)).toEqual([person.email])
  })

  test('FLT-41 a server that hangs keeps nobody waiting, and no other instance sends the mail meanwhile', async () => {
    const latch = Promise.withResolvers<void>()
    const server = await sink({ onMail: () => latch.promise })
    const [one, other] = [await start(server.url), await start(server.url)]
    const person = await addPerson(one)
    await forget(one, person.email)
    const sending = sendMail(one.context)
    await until(() => server.mails[0])
    await forget(one, 'nobody@example.com')
    expect(await sendMail(other.context)).toBe(0)
    expect(server.mails).toHaveLength(1)
    const [row] = await queued()
    expect(row).toMatchObject({ attempts: 1 })
    expect(row!.pause).toBeGreaterThan(100)
    latch.resolve()
    expect(await sending).toBe(1)
    expect(server.mails).toHaveLength(1)
  })

  test('FLT-41 a server that dies in the middle, or says nothing at all, is tried again', async () => {
    const sockets: Socket[] = []
    const dead = createServer((socket) => void sockets.push(socket)).listen(0, '127.0.0.1')
    await once(dead, 'listening')
    const api = await start(`smtp://127.0.0.1:${(dead.address() as AddressInfo).port}`)
    await forget(api, (await addPerson(api)).email)
    const sending = sendMail(api.context)
    const socket = await until(() => sockets[0])
    socket.destroy()
    expect(await sending).toBe(0)
    expect(await queued()).toMatchObject([{ attempts: 1 }])
    dead.close()
  })

  test.each([
    ['451 4.7.1 try again later', 1],
    ['550 5.7.1 relaying denied', 1],
    ['550 5.1.1 no such mailbox', 0],
    ['553 no such mailbox', 0],
  ])('FLT-41 a server that answers %j leaves %i mails to try again', async (refusal, left) => {
    const api = await start((await sink({ refusal })).url)
    const person = await addPerson(api)
    await forget(api, person.email)
    expect(await sendMail(api.context)).toBe(0)
    expect(await queued()).toHaveLength(left)
    expect(complaints(api)).toMatchObject([{ level: left === 1 ? 'warn' : 'error' }])
    expect(JSON.stringify(complaints(api))).not.toContain(person.email)
  })

  test('gives up after five days', async () => {
    const api = await start((await sink({ refusal: '450 4.2.0 mailbox is full' })).url)
    await forget(api, (await addPerson(api)).email)
    await database.query(`UPDATE outbox SET created_at = now() - interval '119 hours'`)
    await sendMail(api.context)
    expect(await queued()).toHaveLength(1)
    await database.query(`UPDATE outbox SET created_at = now() - interval '121 hours', next_attempt_at = now()`)
    await sendMail(api.context)
    expect(await queued()).toEqual([])
  })

  test('a mail that cannot be made holds up no other', async () => {
    const server = await sink()
    const api = await start(server.url)
    const person = await addPerson(api)
    const insert = 'INSERT INTO outbox (id, kind, details) VALUES ($1, $2, $3)'
    await database.query(insert, ['00000000-0000-7000-8000-000000000000', 'password-changed', { userId: 'nobody' }])
    await forget(api, person.email)
    expect(await sendMail(api.context)).toBe(1)
    expect(server.mails.map(({ to }) => to)).toEqual([person.email])
    expect(await queued()).toMatchObject([{ attempts: 1 }])
  })

  test('sends all that is due, five at a time', async () => {
    const [waiting, latch] = [new Set<object>(), Promise.withResolvers<void>()]
    let most = 0
    const server = await sink({
      onMail: async (mail) => {
        waiting.add(mail)
        most = Math.max(most, waiting.size)
        if (waiting.size === 5) latch.resolve()
        await latch.promise
        waiting.delete(mail)
      },
    })
    const api = await start(server.url)
    for (let count = 0; count < 23; count += 1) await forget(api, (await addPerson(api)).email)
    expect([await sendMail(api.context), most]).toEqual([23, 5])
    expect(await queued()).toEqual([])
  })

  test('begins no other mail once it is told to stop', async () => {
    const stopping = new AbortController()
    const server = await sink({ onMail: () => stopping.abort() })
    const api = await start(server.url)
    for (let count = 0; count < 12; count += 1) await forget(api, (await addPerson(api)).email)
    expect(await sendMail(api.context, stopping.signal)).toBe(5)
    expect(await queued()).toHaveLength(7)
  })

  test('two instances that send at once send each mail once', async () => {
    const server = await sink()
    const instances = [await start(server.url), await start(server.url)]
    const people = []
    for (let count = 0; count < 30; count += 1) people.push(await addPerson(instances[0]!))
    for (const { email } of people) await forget(instances[0]!, email)
    const counts = await Promise.all(instances.map(({ context }) => sendMail(context)))
    expect(counts[0]! + counts[1]!).toBe(30)
    expect(server.mails.map(({ to }) => to).sort()).toEqual(people.map(({ email }) => email).sort())
    expect(await queued()).toEqual([])
  })
})
