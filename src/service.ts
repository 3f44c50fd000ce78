import { setTimeout as sleep } from 'node:timers/promises'
import { announce } from './startup/announce.ts'
import { createApp } from './app.ts'
import type { Config } from './config.ts'
import { createContext } from './context.ts'
import { startEmbeddedPostgres } from './db/embedded.ts'
import { prepareDatabase } from './db/prepare.ts'
import { closeAfterAnswers, drain } from './http/drain.ts'
import { createHttpServer } from './http/server.ts'
import { describeFailure } from './jobs/failure.ts'
import { sealAudit } from './jobs/sealAudit.ts'
import { shed } from './http/shed.ts'
import { checkPeppers } from './jobs/checkPeppers.ts'
import { ensureFirstAdministrator } from './jobs/ensureFirstAdministrator.ts'
import { startWorker } from './jobs/worker.ts'
import { startRereadingKeys } from './jobs/rereadKeys.ts'
import { listenOn } from './startup/listenOn.ts'
import { lowerPoolPriority } from './platform/poolPriority.ts'
import { openKeys } from './startup/openKeys.ts'
import type { OpenLog } from './startup/openLog.ts'
import { openMetrics } from './startup/openMetrics.ts'
import { startOverload } from './startup/startOverload.ts'
import { watchRefusals } from './startup/watchRefusals.ts'

const drainMilliseconds = 15_000
const sealMilliseconds = 2000
/** Between saying "not ready" and closing the door. Nobody balances a developer's machine. */
const graceMilliseconds = { production: 5000, development: 0, test: 0 }
/** How long the door stays closed for a database that does not answer. */
const doorMilliseconds = 2000

const singleInstance =
  'without REDIS_URL cache and limits live in this process, which is right for a single instance only'

const derivedSealKey =
  'AUDIT_SEAL_KEY_FILE is not set and DATA_DIR cannot be written: seals are signed with a key derived from the signing secret'

interface Service {
  /** Throws a `StartupError` for what waiting will not mend. */
  start(): Promise<void>
  /** Finishes what is under way and closes everything in the reverse order of the start. */
  stop(): Promise<void>
  /** Reads the files of the keys anew, without waiting for the next minute. */
  rereadKeys(): Promise<void>
}

/** The service: database, context, HTTP server. Listens without its database, too, and answers 503 until that is there. */
export function createService(config: Config, { logger, sink }: OpenLog): Service {
  const opened = new AsyncDisposableStack()
  const stopping = new AbortController()
  // What is to be seen of a stop comes before all that a stop has to wait for.
  let turnAway = (): void => undefined
  const stop = async (): Promise<void> => {
    stopping.abort()
    turnAway()
    await opened.disposeAsync()
  }

  let rereadKeys = (): Promise<void> => Promise.resolve()
  let sealRest = (): Promise<void> => Promise.resolve()

  async function start(): Promise<void> {
    const { metrics, port: metricsPort } = opened.use(await openMetrics(config, { logger, sink }))
    await lowerPoolPriority()
    const keys = await openKeys(config)
    const databaseUrl = config.database.url ?? (await embeddedDatabase())
    const context = opened.use(await createContext(config, { databaseUrl, keys, metrics }, { logger }))
    const { isDerived } = await context.sealKey()
    const { readiness } = context
    const keyReader = startRereadingKeys(keys, logger)
    opened.defer(() => keyReader.stop())
    rereadKeys = keyReader.reread
    // After the last request, so that the trail of a service at rest is sealed to its end.
    opened.defer(() => sealRest())
    for (const warning of config.warnings) logger.warn(warning)
    if (isDerived) logger.warn(derivedSealKey)
    if (config.redis.url === undefined) logger.info(singleInstance)

    const overload = startOverload(logger)
    opened.defer(() => overload.stop())
    const onRefused = watchRefusals(logger, metrics)
    const handler = shed(createApp(context), overload, { corsOrigins: config.http.corsOrigins, onRefused })
    const server = createHttpServer(handler, { onRefused })
    const migrationUrl = config.database.migrationUrl ?? databaseUrl
    const finish = async () => {
      await checkPeppers(context)
      return ensureFirstAdministrator(context)
    }
    const prepared = prepareDatabase(migrationUrl, finish, { logger, signal: stopping.signal }).then(
      async (administrator) => {
        await readiness.start()
        return administrator
      },
    )
    // Awaited below; where the start ends before, it has a reason of its own to tell.
    prepared.catch(() => undefined)
    // A load balancer that does not ask for readiness sends requests as soon as the door is open.
    await Promise.race([prepared, sleep(doorMilliseconds, undefined, { signal: stopping.signal })])
    const port = await listenOn(server, config.http, 'Set PORT or HOST.')
    turnAway = () => {
      readiness.drain()
      // Load balancers are to see that before the door closes; whoever talks to us meanwhile is asked to leave.
      closeAfterAnswers(server)
    }
    opened.defer(async () => {
      await sleep(graceMilliseconds[config.app.environment])
      await drain(server, drainMilliseconds)
    })
    const administrator = await prepared
    sealRest = () =>
      Promise.race([sealAudit(context), sleep(sealMilliseconds, undefined, { ref: false })]).catch((error: unknown) =>
        logger.warn(describeFailure(error), 'the last audit events are not sealed yet'),
      )
    const worker = startWorker(context)
    opened.defer(() => worker.stop())
    announce({ config, port, metricsPort, logger, administrator })
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
