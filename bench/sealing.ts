import { randomBytes } from 'node:crypto'
import { addDatabase } from './addDatabase.ts'
import { post } from './client.ts'
import { keepBusy } from './closedLoop.ts'
import { measured, ratiosOf, takeTurns, type Round } from './round.ts'
import { signIn, startService } from './servers.ts'
import type { Outcome, Stage } from './stage.ts'
import { spreadOf } from './statistics.ts'
import { cell, table } from './table.ts'

/** Of the creates that a core does without a sealer so many remain with one. */
const least = 0.95
const clients = 8
const warmUpRequests = 300

export async function runSealing(stage: Stage): Promise<Outcome> {
  const pair = await measureCreates(stage)
  const rates = pair.map(({ rounds }) => rounds.map(({ requestsPerSecond }) => requestsPerSecond))
  // Of CPU times, which other work on the machine disturbs far less than requests a second.
  const ratios = ratiosOf(pair).map((ratio) => 1 / ratio)
  return {
    table: table(
      [`\`POST /v1/users\` (${ratios.length} rounds)`, 'a second'],
      ...pair.map(({ name }, index) => [name, cell(rates[index] ?? [], 1)]),
      [`**ratio** (at least ${least})`, `**${cell(ratios, 3)}**`],
    ),
    isWithinLimits: spreadOf(ratios).median >= least,
  }
}

/** Sealing five times as often as by default, and never during the measurement. */
async function measureCreates(stage: Stage) {
  const turns = await Promise.all(
    ['2', '3600'].map(async (seconds) => {
      const setup = await addDatabase(stage.setup)
      const env = { AUDIT_SEAL_SECONDS: seconds, RATE_LIMIT_WRITES_PER_HOUR: '1000000000' }
      const service = await stage.keep(startService(setup, { env }))
      const token = await signIn(service)
      return () => measured(service, () => keepBusy(clients, stage.seconds, () => create(service.base, token)))
    }),
  )
  const [sealing, idle] = turns as [() => Promise<Round>, () => Promise<Round>]
  for (const turn of [sealing, idle]) for (let count = 0; count < warmUpRequests; count += (await turn()).requests);
  return takeTurns(stage.rounds, [sealing, idle], ['sealing every two seconds', 'not sealing'])
}

async function create(base: string, token: string): Promise<void> {
  const username = randomBytes(8).toString('hex')
  const body = { username, email: `${username}@example.com`, password: `${username} is no secret` }
  const { status } = await post(`${base}/v1/users`, body, { authorization: `Bearer ${token}` })
  if (status !== 201) throw new Error(`a create was answered ${status}`)
}
