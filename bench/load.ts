import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { isInstalled } from './cores.ts'
import { peopleCount } from './people.ts'
import type { ServerProcess } from './serverProcess.ts'

const run = promisify(execFile)
const connections = 32
const warmUpRequests = 25_000
const hasWrk = isInstalled('wrk')
const path = (file: string) => fileURLToPath(new URL(file, import.meta.url))

export const loadGenerator = hasWrk ? 'wrk' : 'bench/keepAliveClient.ts'

/** What a load generator prints; times in milliseconds, from when a request was sent. */
interface Answered {
  requests: number
  seconds: number
  p50: number
  p99: number
  failures: number
}

export interface Round {
  requests: number
  requestsPerSecond: number
  cpuPerRequest: number
  p50: number
  p99: number
}

/** Keeps 32 connections busy for some seconds. Throws where a single answer was not a 200. */
export async function measure(server: ServerProcess, token: string, seconds: number): Promise<Round> {
  const before = server.cpuMilliseconds()
  const answered = await (hasWrk ? wrk : keepAliveClient)(server.base, token, seconds)
  const cpu = server.cpuMilliseconds() - before
  if (answered.failures > 0) throw new Error(`${answered.failures} of ${answered.requests} requests failed`)
  return {
    requests: answered.requests,
    requestsPerSecond: answered.requests / answered.seconds,
    cpuPerRequest: cpu / answered.requests,
    p50: answered.p50,
    p99: answered.p99,
  }
}

/** Counted in requests, not seconds: the compiler needs to have seen the code run, on a busy machine as on an idle one. */
export async function warmUp(server: ServerProcess, token: string): Promise<void> {
  let requests = 0
  while (requests < warmUpRequests) requests += (await measure(server, token, 2)).requests
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
