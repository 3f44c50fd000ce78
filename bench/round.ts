import type { Load } from './closedLoop.ts'
import type { ServerProcess } from './serverProcess.ts'

/** What a server did under a load of some seconds; times in milliseconds. */
export interface Round {
  requests: number
  requestsPerSecond: number
  /** User and system time of the server's process, all threads. */
  cpuPerRequest: number
  /** The share of one core that the server took, 1 at most where it is bound to one. */
  busy: number
  p50: number
  p99: number
}

export async function measured(server: ServerProcess, load: () => Promise<Load>): Promise<Round> {
  const before = server.cpuMilliseconds()
  const { requests, seconds, p50, p99 } = await load()
  const cpu = server.cpuMilliseconds() - before
  return {
    requests,
    requestsPerSecond: requests / seconds,
    cpuPerRequest: cpu / requests,
    busy: cpu / 1000 / seconds,
    p50,
    p99,
  }
}

export interface Contestant {
  name: string
  rounds: Round[]
}

/** Turn and turn about: what disturbs the one disturbs the other. */
export async function takeTurns(
  rounds: number,
  [ours, theirs]: [() => Promise<Round>, () => Promise<Round>],
  [ourName, theirName]: [string, string],
): Promise<[Contestant, Contestant]> {
  const contestants: [Contestant, Contestant] = [
    { name: ourName, rounds: [] },
    { name: theirName, rounds: [] },
  ]
  for (let round = 1; round <= rounds; round += 1) {
    const pair = [await ours(), await theirs()] as const
    contestants[0].rounds.push(pair[0])
    contestants[1].rounds.push(pair[1])
    console.log(`round ${round}: ${pair.map(({ cpuPerRequest }) => cpuPerRequest.toFixed(3)).join(' against ')} ms`)
  }
  return contestants
}

/** What the first needs for each of what the second needs one for, pair by pair. */
export function ratiosOf([ours, theirs]: [Contestant, Contestant]): number[] {
  return ours.rounds.map((round, pair) => round.cpuPerRequest / (theirs.rounds[pair]?.cpuPerRequest ?? NaN))
}
