import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '../src/db/embedded.ts'
import { addPeople, type Credentials } from './people.ts'
import type { ServerProcess } from './serverProcess.ts'
import { startService, type Setup } from './servers.ts'

/** What every part of the benchmark plays on: one database and one service. */
export interface Stage extends AsyncDisposable {
  setup: Setup
  service: ServerProcess
  credentials: Credentials
  rounds: number
  seconds: number
  /** Whether there is time for a million of something. */
  withMillion: boolean
  /** Stopped at the end. */
  keep(starting: Promise<ServerProcess>): Promise<ServerProcess>
}

/** What a part of the benchmark found. */
export interface Outcome {
  /** In Markdown. */
  table: string
  isWithinLimits: boolean
}

export async function setStage(length: Pick<Stage, 'rounds' | 'seconds' | 'withMillion'>): Promise<Stage> {
  await using opening = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'user-management-bench-'))
  opening.defer(() => rm(folder, { recursive: true, force: true }))
  const postgres = await startEmbeddedPostgres(join(folder, 'shared'))
  opening.defer(() => postgres.stop())
  const setup = { folder, databaseUrl: postgres.url, secret: randomBytes(48).toString('base64') }
  const service = await startService(setup)
  opening.defer(() => service.stop())
  const credentials = await addPeople(postgres.url)
  const opened = opening.move()
  return {
    ...{ setup, service, credentials },
    ...length,
    async keep(starting) {
      const server = await starting
      opened.defer(() => server.stop())
      return server
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}
