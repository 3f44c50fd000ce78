import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Load } from './closedLoop.ts'
import { isInstalled } from './cores.ts'
import { peopleCount } from './people.ts'
import { measured, type Round } from './round.ts'
import type { ServerProcess } from './serverProcess.ts'

const run = promisify(execFile)
const connections = 32
const warmUpRequests = 25_000
const hasWrk = isInstalled('wrk')
const path = (file: string) => fileURLToPath(new URL(file, import.meta.url))

export const loadGenerator = hasWrk ? 'wrk' : 'bench/keepAliveClient.ts'

/** What a load generator prints. */
interface Answered extends Load {
  failures: number
}

/** Keeps 32 connections busy for some seconds. Throws where a single answer was not a 200. */
export function measureReads(server: ServerProcess, token: string, seconds: number): Promise<Round> {
  return measured(server, async () => {
    const answered = await (hasWrk ? wrk : keepAliveClient)(server.base, token, seconds)
    if (answered.failures > 0) throw new Error(`${answered.failures} of ${answered.requests} requests failed`)
    return answered
  })
}

/** Counted in requests, not seconds: the compiler needs to have seen the code run, on a busy machine as on an idle one. */
export async function warmUpReads(server: ServerProcess, token: string): Promise<void> {
  let requests = 0
  while (requests < warmUpRequests) requests += (await measureReads(server, token, 2)).requests
}

async function wrk(base: string, token: string, seconds: number): Promise<Answered> {
  const load = ['-t1', `-c${connections}`, `-d${seconds}s`, '-s', path('getUser.lua')]
  const env = { ...process.env, PEOPLE: String(peopleCount) }
  const { stdout } = await run('wrk', [...load, '-H', `Authorization: Bearer ${token}`, base], { env })
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Answered
}

async function keepAliveClient(base: string, token: string, seconds: number): Promise<Answered> {
  const settings = { BASE: base, TOKEN: token, SECONDS: String(seconds), CONNECTIONS: String(connections) }
  const { stdout } = await run(process.execPath, [path('keepAliveClient.ts')], { env: { ...process.env, ...settings } })
  return JSON.parse(stdout) as Answered
}
