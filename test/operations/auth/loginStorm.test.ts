import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { startApi, type Api } from '../../support/api.ts'
import { addPerson, password, signInAs } from '../../support/people.ts'

describe('PWD-21! more logins than can be hashed', () => {
  let api: Api
  beforeAll(async () => {
    api = await startApi({ env: { TRUST_PROXY: '1', RATE_LIMIT_AUTH_PER_MINUTE: '5' } })
  })
  afterAll(() => api.close())

  const login = (username: string, address: string) =>
    api.send('POST', '/v1/auth/login', {
      body: { username, password },
      headers: { 'x-forwarded-for': address },
    })

  test('are refused with 503 and when to come back, the others are let in, and reads go on', async () => {
    const { username } = await addPerson(api)
    const { token } = await signInAs(api, 'user')
    const storm = Array.from({ length: 150 }, (_, index) => login(username, `10.1.0.${index}`))
    const read = await api.send('GET', '/v1/auth/me', { token })
    const answers = await Promise.all(storm)
    expect(read.status).toBe(200)
    const refused = answers.filter(({ status }) => status === 503)
    expect(answers.filter(({ status }) => status === 200).length).toBe(answers.length - refused.length)
    expect(refused.length).toBeGreaterThan(0)
    expect(refused.length).toBeLessThan(150)
    for (const { headers } of refused) expect(headers['retry-after']).toMatch(/^[1-9]\d*$/)
  })

  test('are refused before their body is read, and count all the same', async () => {
    const gate = Promise.withResolvers<void>()
    const places: Promise<void>[] = []
    while (isThereRoom(api)) places.push(api.context.passwords.admit(() => gate.promise))
    const fields = [
      'Host: localhost',
      'X-Forwarded-For: 10.2.0.1',
      'Content-Type: application/json',
      'Content-Length: 99',
    ]
    const socket = connect(Number(new URL(api.url).port), '127.0.0.1')
    socket.write(`POST /v1/auth/login HTTP/1.1\r\n${fields.join('\r\n')}\r\nConnection: close\r\n\r\n`)
    const answer = await text(socket)
    expect(answer).toMatch(/^HTTP\/1\.1 503 /)
    expect(answer).toMatch(/\r\nRetry-After: [1-9]\d*\r\n/i)
    expect(answer).toMatch(/\r\nRateLimit: "auth";r=4;t=60\r\n/i)
    gate.resolve()
    await Promise.all(places)
    expect((await login((await addPerson(api)).username, '10.2.0.2')).status).toBe(200)
  })
})

function isThereRoom(api: Api): boolean {
  try {
    api.context.passwords.demandRoom()
    return true
  } catch {
    return false
  }
}
