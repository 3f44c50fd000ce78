import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { announce } from './startup/announce.ts'
import { createApp } from './app.ts'
import type { Config } from './config.ts'
import { createContext } from './context.ts'
import { startEmbeddedPostgres } from './db/embedded.ts'
import { prepareDatabase } from './db/prepare.ts'
import { closeAfterAnswers, drain } from './http/drain.ts'
import { createHttpServer } from './http/server.ts'
import { checkPeppers } from './jobs/checkPeppers.ts'
import { ensureFirstAdministrator } from './jobs/ensureFirstAdministrator.ts'
import { startWorker } from './jobs/worker.ts'
import { startRereadingKeys } from './jobs/rereadKeys.ts'
import { lowerPoolPriority } from './platform/poolPriority.ts'
import { openKeys } from './startup/openKeys.ts'
import { StartupError } from './startupError.ts'

const drainMilliseconds = 15_000
/** Between saying "not ready" and closing the door. Nobody balances a developer's machine. */
const graceMilliseconds = { production: 5000, development: 0, test: 0 }

const singleInstance =
  'without REDIS_URL cache and limits live in this process, which is right for a single instance only'

interface Service {
  /** Throws a `StartupError` for what waiting will not mend. */
  start(): Promise<void>
  /** Finishes what is under way and closes everything in the reverse order of the start. */
  stop(): Promise<void>
  /** Reads the files of the keys anew, without waiting for the next minute. */
  rereadKeys(): Promise<void>
}

/** The service: database, context, HTTP server. Listens first and answers 503 until the database is there. */
export function createService(config: Config): Service {
  const opened = new AsyncDisposableStack()
  const stopping = new AbortController()
  const stop = async (): Promise<void> => {
    stopping.abort()
    await opened.disposeAsync()
  }

  let rereadKeys = (): Promise<void> => Promise.resolve()

  async function start(): Promise<void> {
    await lowerPoolPriority()
    const keys = await openKeys(config)
    const databaseUrl = config.database.url ?? (await embeddedDatabase())
    const context = opened.use(await createContext(config, { databaseUrl, keys }))
    const { logger, readiness } = context
    const keyReader = startRereadingKeys(keys, logger)
    opened.defer(() => keyReader.stop())
    rereadKeys = keyReader.reread
    for (const warning of config.warnings) logger.warn(warning)
    if (config.redis.url === undefined) logger.info(singleInstance)

    const server = createHttpServer(createApp(context), {
      onRefused: (refusal) => logger.info(refusal, 'request refused'),
    })
    const port = await listen(server, config)
    opened.defer(async () => {
      readiness.drain()
      // Load balancers are to see that before the door closes; whoever talks to us meanwhile is asked to leave.
      closeAfterAnswers(server)
      await sleep(graceMilliseconds[config.app.environment])
      await drain(server, drainMilliseconds)
    })
    const migrationUrl = config.database.migrationUrl ?? databaseUrl
    const finish = async () => {
      await checkPeppers(context)
      return ensureFirstAdministrator(context)
    }
    const administrator = await prepareDatabase(migrationUrl, finish, { logger, signal: stopping.signal })
    await readiness.start()
    const worker = startWorker(context)
    opened.defer(() => worker.stop())
    announce({ config, port, logger, administrator })
  }

  async function embeddedDatabase(): Promise<string> {
    const embedded = await startEmbeddedPostgres(config.app.dataDir)
    opened.defer(() => embedded.stop())
    return embedded.url
  }

  return {
    stop,
    rereadKeys: () => rereadKeys(),
    async start() {
      try {
        await start()
      } catch (error) {
        // Stopped while it was starting: nothing went wrong.
        if (stopping.signal.aborted) return
        await stop()
        throw error
      }
    },
  }
}

/** Answers the port, which the system chooses where 0 was asked for. */
async function listen(server: Server, { http: { host, port } }: Config): Promise<number> {
  server.listen(port, host)
  try {
    await once(server, 'listening')
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException
    const reason = code === 'EADDRINUSE' ? 'another process uses it' : `the system refuses it (${code})`
    throw new StartupError(`Cannot listen on ${host}:${port}: ${reason}. Set PORT or HOST.`, { cause: error })
  }
  return (server.address() as AddressInfo).port
}
