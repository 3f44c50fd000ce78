import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer, request, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startProxy } from '../../deploy/rolling/proxy.ts'
import { freePort } from '../support/serviceProcess.ts'

const isThere = spawnSync('nginx', ['-v']).error === undefined
if (!isThere) process.stderr.write('SKIPPED for want of nginx on the PATH: the tests of its configuration.\n')

const servers: Server[] = []
const ended: (() => Promise<unknown>)[] = []

async function listen(handler: RequestListener): Promise<number> {
  const server = createServer((incoming, response) =>
    incoming.url === '/health' ? response.end() : handler(incoming, response),
  ).listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** The address of an nginx in front of these. */
async function inFrontOf(...ports: number[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'user-management-test-'))
  // As root nginx works as somebody else, who has to pass.
  await chmod(folder, 0o711)
  const port = await freePort()
  const proxy = await startProxy(folder, port, ports)
  ended.push(async () => {
    proxy.kill('SIGTERM')
    await once(proxy, 'exit')
    await rm(folder, { recursive: true })
  })
  return `http://127.0.0.1:${port}`
}

afterEach(async () => {
  for (const end of ended.splice(0)) await end()
  for (const server of servers.splice(0)) server.close()
})

/** Two servers that read each request and hang up, and how often they were asked. */
async function hangingUp() {
  const seen: string[] = []
  const hangUp: RequestListener = (incoming, response) => {
    incoming.resume().on('end', () => {
      seen.push(incoming.method ?? '')
      response.destroy()
    })
  }
  return { seen, base: await inFrontOf(await listen(hangUp), await listen(hangUp)) }
}

;(isThere ? describe : describe['skip'])('the nginx in front', () => {
  test('answers as the service does where it reaches none', async () => {
    const answer = await fetch(`${await inFrontOf(await freePort(), await freePort())}/v1/users`)
    expect([answer.status, answer.headers.get('content-type'), answer.headers.get('retry-after')]).toEqual([
      503,
      'application/problem+json',
      '1',
    ])
    expect(await answer.json()).toMatchObject({ type: '/problems/unavailable', status: 503 })
  })

  test.each([
    ['POST', 1],
    ['PATCH', 1],
    ['GET', 2],
  ])('sends a %s whose answer is lost %d time(s)', async (method, times) => {
    const { seen, base } = await hangingUp()
    const answer = await fetch(`${base}/v1/users`, { method, ...(method === 'GET' ? {} : { body: '{}' }) })
    expect(answer.status).toBe(503)
    expect(seen).toEqual(Array<string>(times).fill(method))
  })

  test('sends a POST to another where one refuses the connection', async () => {
    const good = await listen((_incoming, response) => response.writeHead(201).end())
    const base = await inFrontOf(await freePort(), good)
    for (let round = 0; round < 6; round += 1)
      expect((await fetch(`${base}/v1/users`, { method: 'POST', body: '{}' })).status).toBe(201)
  })

  test('says who asks, whatever the client says, and keeps the name it was asked by', async () => {
    const base = await inFrontOf(await listen((incoming, response) => response.end(JSON.stringify(incoming.headers))))
    const answer = await fetch(`${base}/v1/users`, {
      headers: { 'x-forwarded-for': '192.0.2.7', forwarded: 'for=192.0.2.7' },
    })
    const host = new URL(base).host
    expect(await answer.json()).toMatchObject({ host, 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'http' })
  })

  test('refuses a body that the service would refuse, but for imports, which it hands on as they come', async () => {
    const beginnings: string[] = []
    const base = await inFrontOf(
      await listen((incoming, response) => {
        incoming.once('data', (part: Buffer) => {
          beginnings.push(part.toString())
          incoming.resume()
          response.writeHead(202).end()
        })
      }),
    )
    const big = 'x'.repeat(2 ** 21)
    const refused = await fetch(`${base}/v1/users`, { method: 'POST', body: big })
    expect([refused.status, await refused.json()]).toEqual([413, expect.objectContaining({ status: 413 })])
    expect((await fetch(`${base}/v1/users`, { method: 'POST', body: 'x'.repeat(500_000) })).status).toBe(202)
    beginnings.pop()
    // Half a body is enough for an answer.
    const outgoing = request(`${base}/v1/user-imports`, {
      method: 'POST',
      headers: { 'content-length': String(2 ** 21) },
    })
    outgoing.write('first line\n')
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage]
    expect([answer.statusCode, beginnings]).toEqual([202, ['first line\n']])
    outgoing.on('error', () => undefined).destroy()
  })

  test('keeps its connections to the service', async () => {
    const sockets = new Set<unknown>()
    const base = await inFrontOf(
      await listen((incoming, response) => {
        sockets.add(incoming.socket)
        response.end()
      }),
    )
    for (let round = 0; round < 20; round += 1) await fetch(`${base}/v1/users`)
    // Each of nginx's processes keeps its own.
    expect(sockets.size).toBeLessThanOrEqual(8)
  })
})
