import { createServer } from 'node:http'
import { get } from './client.ts'
import { keepBusy, type Load } from './closedLoop.ts'
import { measured, type Round } from './round.ts'
import type { ServerProcess } from './serverProcess.ts'

/** What the service is held against: a process that does nothing but this work, for as many seconds as it is asked to. */
export function serveWork(clients: number, work: () => Promise<void>): void {
  const server = createServer((request, response) => {
    const seconds = Number(new URL(request.url ?? '/', 'http://localhost').searchParams.get('seconds'))
    keepBusy(clients, seconds, work).then(
      (load) => response.end(JSON.stringify(load)),
      (error: unknown) => {
        console.error(error)
        response.writeHead(500).end()
      },
    )
  })
  server.listen(Number(process.env.PORT), '127.0.0.1')
}

/** Asks such a process to work. */
export function measureWork(server: ServerProcess, seconds: number): Promise<Round> {
  return measured(server, async () => {
    const { status, text } = await get(`${server.base}/work?seconds=${seconds}`, {})
    if (status !== 200) throw new Error('the work failed')
    return JSON.parse(text) as Load
  })
}
