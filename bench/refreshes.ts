import { post } from './client.ts'
import { keepBusy } from './closedLoop.ts'
import { addChains } from './people.ts'
import { perCoreHead, perCoreRow, ratesOf } from './perCore.ts'
import { measured, ratiosOf, takeTurns } from './round.ts'
import { startRival } from './servers.ts'
import type { Outcome, Stage } from './stage.ts'
import { spreadOf } from './statistics.ts'
import { cell, table } from './table.ts'
import { measureWork } from './workServer.ts'

/** Five times the 120 refreshes a second that Keycloak's sizing guide allows for each virtual core. */
const leastRate = 600
const clients = 32
const warmUpRequests = 5000

export async function runRefreshes(stage: Stage): Promise<Outcome> {
  const { setup, service, seconds } = stage
  const chains = await addChains(setup.databaseUrl)
  const limit = await stage.keep(startRival('rotationByHand', setup))
  // Whose turn came longest ago is next: each session gets its refreshes evenly, as it would from its own client.
  const refreshOne = async (): Promise<void> => {
    const { status, text } = await post(`${service.base}/v1/auth/refresh`, { refresh_token: chains.shift() })
    if (status !== 200) throw new Error(`a refresh was answered ${status}`)
    chains.push((JSON.parse(text) as { refresh_token: string }).refresh_token)
  }
  const ours = () => measured(service, () => keepBusy(clients, seconds, refreshOne))
  const theirs = () => measureWork(limit, seconds)
  for (const turn of [ours, theirs]) {
    for (let requests = 0; requests < warmUpRequests; requests += (await turn()).requests);
  }
  const pair = await takeTurns(
    stage.rounds,
    [ours, theirs],
    ['the service', 'its three SQL statements by hand, without HTTP'],
  )
  const rate = ratesOf(pair[0])
  return {
    table: table(
      [`\`POST /v1/auth/refresh\` (${rate.length} rounds)`, ...perCoreHead],
      ...pair.map(perCoreRow),
      [`**service** (at least ${leastRate})`, `**${cell(rate, 0)}**`, '', '', '', '', ''],
      ['ratio of CPU times', cell(ratiosOf(pair), 2), '', '', '', '', ''],
    ),
    isWithinLimits: spreadOf(rate).median >= leastRate,
  }
}
