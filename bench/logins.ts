import { post } from './client.ts'
import { keepBusy } from './closedLoop.ts'
import { warmUpReads } from './load.ts'
import { randomUsername } from './people.ts'
import { perCoreHead, perCoreRow } from './perCore.ts'
import { measured, ratiosOf, takeTurns, type Round } from './round.ts'
import type { ServerProcess } from './serverProcess.ts'
import { signIn, startRival } from './servers.ts'
import type { Outcome, Stage } from './stage.ts'
import { spreadOf } from './statistics.ts'
import { cell, table } from './table.ts'
import { measureWork } from './workServer.ts'

/** Of the password hashes that a core could compute by itself, so many must become logins. */
const leastRatio = 0.85
/** Half of what may wait for its hash, so that none is refused. */
const clients = 16
/** After reads, which take most of the same path and are far quicker to warm it up. */
const warmUpRequests = 300

export async function runLogins(stage: Stage): Promise<Outcome> {
  const { setup, service, credentials, seconds } = stage
  const env = { PASSWORD: credentials.password, PASSWORD_HASH: credentials.passwordHash }
  const limit = await stage.keep(startRival('argon2Alone', setup, env))
  const ours = () => measureLogins(service, credentials.password, seconds)
  await warmUpReads(service, await signIn(service))
  for (let requests = 0; requests < warmUpRequests; requests += (await ours()).requests);
  const pair = await takeTurns(
    stage.rounds,
    [ours, () => measureWork(limit, seconds)],
    ['the service', '`argon2` alone (m=19456, t=2, p=1)'],
  )
  const ratios = ratiosOf(pair).map((ratio) => 1 / ratio)
  return {
    table: table([`\`POST /v1/auth/login\` (${ratios.length} rounds)`, ...perCoreHead], ...pair.map(perCoreRow), [
      `**ratio** (at least ${leastRatio})`,
      `**${cell(ratios, 3)}**`,
      '',
      '',
      '',
      '',
      '',
    ]),
    isWithinLimits: spreadOf(ratios).median >= leastRatio,
  }
}

function measureLogins(service: ServerProcess, password: string, seconds: number): Promise<Round> {
  return measured(service, () =>
    keepBusy(clients, seconds, async () => {
      const { status } = await post(`${service.base}/v1/auth/login`, { username: randomUsername(), password })
      if (status !== 200) throw new Error(`a login was answered ${status}`)
    }),
  )
}
