import type { Contestant, Round } from './round.ts'
import { cell } from './table.ts'

/** How many requests a second of one core's time is enough for. */
export function ratesOf({ rounds }: Contestant): number[] {
  return rounds.map(({ cpuPerRequest }) => 1000 / cpuPerRequest)
}

export const perCoreHead = ['per second per core', 'CPU ms each', 'core busy %', 'per second', 'p50 ms', 'p99 ms']

export function perCoreRow(contestant: Contestant): string[] {
  const { name, rounds } = contestant
  const column = (value: (round: Round) => number, digits: number) => cell(rounds.map(value), digits)
  return [
    name,
    cell(ratesOf(contestant), 1),
    column(({ cpuPerRequest }) => cpuPerRequest, 2),
    column(({ busy }) => 100 * busy, 0),
    column(({ requestsPerSecond }) => requestsPerSecond, 1),
    column(({ p50 }) => p50, 1),
    column(({ p99 }) => p99, 1),
  ]
}
