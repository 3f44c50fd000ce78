import type { RateLimitClass } from '../generated/contract.ts'
import type { Config } from './config.ts'
import { connect, type Db } from './db/database.ts'
import { createLogger, type Logger } from './platform/logger.ts'
import { createRateLimiter, type RateLimiter } from './platform/rateLimiter.ts'
import { createReadiness, type Readiness } from './jobs/probe.ts'
import { createPasswords, type Passwords } from './security/passwords.ts'
import { createTokens, deriveKey, type Tokens } from './security/tokens.ts'

/** Everything an operation may need, made once. */
export interface Context extends AsyncDisposable {
  config: Config
  logger: Logger
  db: Db
  passwords: Passwords
  tokens: Tokens
  /** `none` has no limiter. */
  limiters: Partial<Record<RateLimitClass, RateLimiter>>
  readiness: Readiness
  /** Signs the cursors of lists. */
  cursorKey: Buffer
}

interface Foundations {
  databaseUrl: string
  /** Signs access tokens. */
  secret: string
}

/** Builds the context; `await using` closes what it opened. `overrides` are for tests that need a part to fail. */
export async function createContext(
  config: Config,
  { databaseUrl, secret }: Foundations,
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
  return {
    config,
    logger,
    db,
    passwords: createPasswords({
      memoryKib: passwords.argon2MemoryKib,
      timeCost: passwords.argon2TimeCost,
      parallelism: passwords.argon2Parallelism,
      minLength: passwords.minLength,
      onUnknownFormat: () => logger.error('a stored password hash is corrupt or of an unknown format'),
    }),
    tokens: await createTokens({
      secret,
      previousSecrets: tokens.previousSecrets,
      issuer: 'user-management-api',
      lifetime: tokens.accessMinutes * 60,
    }),
    limiters: {
      auth: createRateLimiter({ name: 'auth', quota: rateLimits.authPerMinute, window: 60 }),
      refresh: createRateLimiter({ name: 'refresh', quota: rateLimits.authPerMinute === 0 ? 0 : 30, window: 60 }),
      read: createRateLimiter({ name: 'read', quota: rateLimits.readsPerHour, window: 3600 }),
      write: createRateLimiter({ name: 'write', quota: rateLimits.writesPerHour, window: 3600 }),
    },
    readiness,
    cursorKey: deriveKey(secret, 'list cursors'),
    ...overrides,
    async [Symbol.asyncDispose]() {
      readiness.stop()
      await pool.end()
    },
  }
}
