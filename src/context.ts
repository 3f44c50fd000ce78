import { join } from 'node:path'
import type { RateLimitClass } from '../generated/contract.ts'
import type { Config } from './config.ts'
import { connect, type Db } from './db/database.ts'
import { createLogger, type Logger } from './platform/logger.ts'
import { createMailer, type Mailer } from './platform/mailer.ts'
import { createRateLimiter, type RateLimiter } from './platform/rateLimiter.ts'
import { createReadiness, type Readiness } from './jobs/probe.ts'
import { openRedis } from './startup/openRedis.ts'
import { createMemoryCache } from './platform/cache.ts'
import { createFailureCounter } from './platform/failureCounter.ts'
import type { RedisConnection } from './platform/redis.ts'
import { createRedisCache } from './platform/redisCache.ts'
import { openPeppers } from './startup/openPeppers.ts'
import { accountBackoff, createAccountBrake, type AccountBrake } from './security/accountBrake.ts'
import { createPasswords, type Passwords } from './security/passwords.ts'
import type { Pepper } from './security/pepperFile.ts'
import { createSessionStates, type SessionStates } from './security/sessionState.ts'
import type { CursorKeys } from './security/cursor.ts'
import type { KeyRing } from './security/keyRing.ts'
import { createTokens, type Tokens } from './security/tokens.ts'

/** Everything an operation may need, made once. */
export interface Context extends AsyncDisposable {
  config: Config
  logger: Logger
  db: Db
  passwords: Passwords
  keys: KeyRing
  tokens: Tokens
  peppers: Pepper[]
  /** `none` has no limiter. */
  limiters: Partial<Record<RateLimitClass, RateLimiter>>
  /** Slows down who guesses the password of one account. */
  brake: AccountBrake
  /** Undefined where the configuration names none. */
  redis: RedisConnection | undefined
  sessions: SessionStates
  mailer: Mailer
  readiness: Readiness
  /** Sign the cursors of lists; they change with the keys. */
  cursorKeys: () => CursorKeys
}

interface Foundations {
  databaseUrl: string
  /** Sign access tokens. */
  keys: KeyRing
}

/** Builds the context; `await using` closes what it opened. `overrides` are for tests that need a part to fail. */
export async function createContext(
  config: Config,
  { databaseUrl, keys }: Foundations,
  overrides: Partial<Context> = {},
): Promise<Context> {
  const { app, database, rateLimits, tokens, passwords } = config
  const logger = overrides.logger ?? createLogger({ level: config.log.level, name: app.name })
  const { db, pool } = connect(databaseUrl, {
    applicationName: app.name,
    poolSize: database.poolSize,
    onConnectionError: (error) => logger.warn({ err: error }, 'an idle database connection broke'),
  })
  const readiness = createReadiness(db)
  const redis = await openRedis(config.redis.url, logger)
  const peppers = openPeppers(passwords.pepperFile)
  return {
    config,
    logger,
    db,
    passwords: createPasswords({
      memoryKib: passwords.argon2MemoryKib,
      timeCost: passwords.argon2TimeCost,
      parallelism: passwords.argon2Parallelism,
      peppers,
      minLength: passwords.minLength,
      productName: app.name,
      onUnknownFormat: () => logger.error('a stored password hash is corrupt or of an unknown format'),
    }),
    peppers,
    keys,
    tokens: createTokens({ keys, issuer: 'user-management-api', lifetime: tokens.accessMinutes * 60 }),
    limiters: {
      auth: createRateLimiter({ name: 'auth', quota: rateLimits.authPerMinute, window: 60 }, redis),
      refresh: createRateLimiter(
        { name: 'refresh', quota: rateLimits.authPerMinute === 0 ? 0 : 30, window: 60 },
        redis,
      ),
      read: createRateLimiter({ name: 'read', quota: rateLimits.readsPerHour, window: 3600 }, redis),
      // All users at once are worth a hundred pages.
      export: createRateLimiter(
        { name: 'export', quota: Math.ceil(rateLimits.readsPerHour / 100), window: 3600 },
        redis,
      ),
      write: createRateLimiter({ name: 'write', quota: rateLimits.writesPerHour, window: 3600 }, redis),
    },
    brake: createAccountBrake(createFailureCounter(accountBackoff, redis)),
    redis,
    sessions: createSessionStates(db, redis ? createRedisCache(redis) : createMemoryCache({ maxEntries: 100_000 })),
    mailer: createMailer({ ...config.mail, folder: join(app.dataDir, 'mail') }),
    readiness,
    cursorKeys: () => keys.derive('list cursors'),
    ...overrides,
    async [Symbol.asyncDispose]() {
      readiness.stop()
      redis?.close()
      await pool.end()
    },
  }
}
