import { join } from 'node:path'
import type { RateLimitClass } from '../generated/contract.ts'
import type { Config } from './config.ts'
import { connect, type Db } from './db/database.ts'
import { createLogger, type Logger } from './platform/logger.ts'
import { createMetrics, type Metrics } from './platform/metrics.ts'
import { createMailer, type Mailer } from './platform/mailer.ts'
import { createRateLimiter, type RateLimiter } from './platform/rateLimiter.ts'
import { version } from './platform/version.ts'
import { createReadiness, type Readiness } from './jobs/probe.ts'
import { createRecordDenial, type RecordDenial } from './jobs/recordDenial.ts'
import { openRedis } from './startup/openRedis.ts'
import { createMemoryCache, type OnRead } from './platform/cache.ts'
import { createFailureCounter } from './platform/failureCounter.ts'
import type { RedisConnection } from './platform/redis.ts'
import { createRedisCache } from './platform/redisCache.ts'
import { openPeppers, openSignerKeys } from './startup/openHashSecrets.ts'
import { rememberSealKey, type OpenedSealKey } from './startup/openSealKey.ts'
import { watchParts } from './startup/watchParts.ts'
import { accountBackoff, createAccountBrake, type AccountBrake } from './security/accountBrake.ts'
import { createPasswords, type Passwords } from './security/passwords.ts'
import type { Pepper } from './security/hashSecrets.ts'
import { createSessionStates, type SessionStates } from './security/sessionState.ts'
import type { CursorKeys } from './security/cursor.ts'
import type { KeyRing } from './security/keyRing.ts'
import { createTokens, type Tokens } from './security/tokens.ts'

/** Everything an operation may need, made once. */
export interface Context extends AsyncDisposable {
  config: Config
  logger: Logger
  metrics: Metrics
  db: Db
  passwords: Passwords
  keys: KeyRing
  tokens: Tokens
  peppers: Pepper[]
  /** `none` has no limiter. */
  limiters: Partial<Record<RateLimitClass, RateLimiter>>
  recordDenial: RecordDenial
  /** Slows down who guesses the password of one account. */
  brake: AccountBrake
  /** Undefined where the configuration names none. */
  redis: RedisConnection | undefined
  sessions: SessionStates
  mailer: Mailer
  readiness: Readiness
  /** Signs the seals of audit events; asked for, and where need be made, by whoever signs. */
  sealKey: () => Promise<OpenedSealKey>
  /** Sign the cursors of lists; they change with the keys. */
  cursorKeys: () => CursorKeys
}

interface Foundations {
  databaseUrl: string
  /** Sign access tokens. */
  keys: KeyRing
  /** By default some that nobody can ask for. */
  metrics?: Metrics
}

/** Builds the context; `await using` closes what it opened. `overrides` are for tests that need a part to fail. */
export async function createContext(
  config: Config,
  { databaseUrl, keys, metrics = createMetrics(version) }: Foundations,
  overrides: Partial<Context> = {},
): Promise<Context> {
  const { app, database, rateLimits, tokens, passwords } = config
  const logger = overrides.logger ?? createLogger({ level: config.log.level, name: app.name })
  const { db, pool } = connect(databaseUrl, {
    applicationName: app.name,
    poolSize: database.poolSize,
    onConnectionError: (error) => logger.warn({ err: error }, 'an idle database connection broke'),
  })
  // By a connection of its own: requests that keep all others must not make the database look as if it were gone.
  const probing = connect(databaseUrl, { applicationName: app.name, poolSize: 1 })
  const readiness = createReadiness(probing.db)
  const redis = await openRedis(config.redis.url, logger)
  const peppers = openPeppers(passwords.pepperFile)
  const hasher = createPasswords({
    memoryKib: passwords.argon2MemoryKib,
    timeCost: passwords.argon2TimeCost,
    parallelism: passwords.argon2Parallelism,
    peppers,
    firebaseSignerKeys: openSignerKeys(passwords.firebaseSignerKeysFile),
    minLength: passwords.minLength,
    productName: app.name,
    onUnknownFormat: () => logger.error('a stored password hash is corrupt or of an unknown format'),
    onBegin: (waited) => metrics.hashWait.observe(waited / 1000),
    onRefused: () => metrics.hashRefusals.inc(),
  })
  const limiter = (name: RateLimitClass, quota: number, window: number) =>
    createRateLimiter({ name, quota, window }, redis, {
      onDecision: (isAllowed, isInsured) =>
        metrics.limits.inc({ class: name, decision: isAllowed ? 'allowed' : 'refused', insured: `${isInsured}` }),
    })
  const onRead: OnRead = (result, keyCount) => metrics.cacheReads.inc({ result }, keyCount)
  watchParts(metrics, { pool, passwords: hasher, readiness, redis, keys })
  return {
    config,
    logger,
    metrics,
    db,
    passwords: hasher,
    peppers,
    keys,
    tokens: createTokens({ keys, issuer: 'user-management-api', lifetime: tokens.accessMinutes * 60 }),
    limiters: {
      auth: limiter('auth', rateLimits.authPerMinute, 60),
      refresh: limiter('refresh', rateLimits.authPerMinute === 0 ? 0 : 30, 60),
      read: limiter('read', rateLimits.readsPerHour, 3600),
      // All users at once are worth a hundred pages.
      export: limiter('export', Math.ceil(rateLimits.readsPerHour / 100), 3600),
      write: limiter('write', rateLimits.writesPerHour, 3600),
    },
    recordDenial: createRecordDenial({
      ...{ db, logger, metrics },
      limiter: createRateLimiter({ name: 'denials', quota: 20, window: 3600 }, redis),
    }),
    brake: createAccountBrake(createFailureCounter(accountBackoff, redis), () => keys.derive('failed sign-ins')[0]),
    redis,
    sessions: createSessionStates(
      db,
      redis ? createRedisCache(redis, onRead) : createMemoryCache({ maxEntries: 100_000, onRead }),
    ),
    mailer: createMailer({ ...config.mail, folder: join(app.dataDir, 'mail') }),
    readiness,
    sealKey: rememberSealKey(config, keys),
    cursorKeys: () => keys.derive('list cursors'),
    ...overrides,
    async [Symbol.asyncDispose]() {
      readiness.stop()
      redis?.close()
      await Promise.all([pool.end(), probing.pool.end()])
    },
  }
}
