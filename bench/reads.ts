import { loadGenerator, measureReads, warmUpReads } from './load.ts'
import { ratiosOf, takeTurns, type Contestant, type Round } from './round.ts'
import { signIn, startRival } from './servers.ts'
import type { Outcome, Stage } from './stage.ts'
import { spreadOf } from './statistics.ts'
import { cell, table } from './table.ts'

/** How much dearer than the endpoint written by hand a read may be. */
const mostRatio = 2.5

export async function runReads(stage: Stage): Promise<Outcome> {
  const { setup, service, seconds } = stage
  const baseline = await stage.keep(startRival('baseline', setup))
  const token = await signIn(service)
  console.log(`load from ${loadGenerator}`)
  for (const server of [service, baseline]) await warmUpReads(server, token)
  const pair = await takeTurns(
    stage.rounds,
    [() => measureReads(service, token, seconds), () => measureReads(baseline, token, seconds)],
    ['the service', 'Express 5 + pg + jose by hand'],
  )
  const ratios = ratiosOf(pair)
  const memory = [service, baseline].map((server) => server.memory().resident.toFixed(0))
  const head = `\`GET /v1/users/{user_id}\` (${ratios.length} rounds)`
  return {
    table: table(
      [head, 'CPU ms per request', 'requests/s', 'p50 ms', 'p99 ms', 'memory MiB'],
      ...pair.map((contestant, index) => row(contestant, memory[index] ?? '')),
      [`**ratio** (limit ${mostRatio})`, `**${cell(ratios, 2)}**`, '', '', '', ''],
    ),
    isWithinLimits: spreadOf(ratios).median <= mostRatio,
  }
}

function row({ name, rounds }: Contestant, memory: string): string[] {
  const column = (key: keyof Round, digits: number) =>
    cell(
      rounds.map((round) => round[key]),
      digits,
    )
  return [name, column('cpuPerRequest', 3), column('requestsPerSecond', 0), column('p50', 1), column('p99', 1), memory]
}
