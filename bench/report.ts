import { readFileSync, writeFileSync } from 'node:fs'
import type { ColdStarts } from './coldStart.ts'
import type { Round } from './load.ts'
import { spreadOf } from './statistics.ts'

/** What the service must keep to; `run.ts` fails where it does not. */
export const limits = { ratio: 2.5, freshSeconds: 10, existingSeconds: 3 }

export interface Contestant {
  name: string
  rounds: Round[]
  /** In MiB, after the last round. */
  memory: number
}

/** The rounds were run in pairs, one right after the other: what disturbed one disturbed both. */
export function ratiosOf(service: Contestant, baseline: Contestant): number[] {
  return service.rounds.map((round, pair) => round.cpuPerRequest / (baseline.rounds[pair]?.cpuPerRequest ?? NaN))
}

/** The tables of `docs/benchmarks.md`: median, and in brackets the least and the most. */
export function describe(service: Contestant, baseline: Contestant, starts: ColdStarts): string {
  const ratios = ratiosOf(service, baseline)
  return [
    `| \`GET /v1/users/{user_id}\` (${ratios.length} rounds) | CPU ms per request | requests/s | p50 ms | p99 ms | memory MiB |`,
    '|---|---|---|---|---|---|',
    row(service),
    row(baseline),
    `| **ratio** (limit ${limits.ratio}) | **${cell(ratios, 2)}** | | | | |`,
    '',
    '| seconds from start to ready | measured | limit |',
    '|---|---|---|',
    `| on a fresh \`DATA_DIR\` | ${cell(starts.fresh, 2)} | ${limits.freshSeconds} |`,
    `| on an existing one | ${cell(starts.existing, 2)} | ${limits.existingSeconds} |`,
  ].join('\n')
}

function row({ name, rounds, memory }: Contestant): string {
  const column = (key: keyof Round, digits: number) =>
    cell(
      rounds.map((round) => round[key]),
      digits,
    )
  return `| ${name} | ${column('cpuPerRequest', 3)} | ${column('requestsPerSecond', 0)} | ${column('p50', 1)} | ${column('p99', 1)} | ${memory.toFixed(0)} |`
}

function cell(values: readonly number[], digits: number): string {
  const { median, least, most } = spreadOf(values)
  return `${median.toFixed(digits)} (${least.toFixed(digits)}–${most.toFixed(digits)})`
}

/** Puts the tables between the two marks of the document. */
export function writeInto(document: URL, tables: string): void {
  const marks = /(<!-- prettier-ignore-start -->\n)[\s\S]*(\n<!-- prettier-ignore-end -->)/
  writeFileSync(
    document,
    readFileSync(document, 'utf8').replace(marks, (_all, start, end) => `${start}\n${tables}\n${end}`),
  )
}
