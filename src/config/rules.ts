import { crossesNetworkInClear, databasePasswords, isGuessable, isReused, reachesRedisInClear } from './secrets.ts'
import type { Values } from './settings.ts'

/** The text of a variable, undefined where it is unset or empty. */
export type Text = (name: string) => string | undefined

/**
 * What no single variable can tell. The message follows the first name. Where one of the names cannot be read the rule is
 * silent, or a slip in one variable would be blamed on another.
 */
export interface Rule {
  names: readonly [string, ...string[]]
  broken: (values: Values, text: Text) => boolean
  message: string
}

const inProduction = ({ app }: Values) => app.environment === 'production'
const mailsInProduction = (values: Values) => inProduction(values) && values.mail.smtpUrl !== undefined

/** Each of these stops the start. */
export const refusals: readonly Rule[] = [
  {
    names: ['METRICS_PORT', 'PORT'],
    broken: ({ http, metrics }) => metrics.port !== 0 && metrics.port === http.port,
    message: 'must not be PORT: what the metrics tell is not for the public',
  },
  {
    names: ['DATABASE_URL'],
    broken: (values) => inProduction(values) && values.database.url === undefined,
    message: 'is required in production',
  },
  {
    names: ['DATABASE_MIGRATION_URL', 'DATABASE_URL'],
    broken: ({ database }) => database.migrationUrl !== undefined && database.url === undefined,
    message: 'needs DATABASE_URL as well',
  },
  {
    names: ['JWT_SECRET', 'JWT_PRIVATE_KEY_FILE'],
    broken: (values) => inProduction(values) && !values.tokens.secret && !values.tokens.privateKeyFile,
    message: 'is required in production, or JWT_PRIVATE_KEY_FILE in its place',
  },
  {
    names: ['JWT_SECRET', 'JWT_PRIVATE_KEY_FILE'],
    broken: ({ tokens }) => tokens.secret !== undefined && tokens.privateKeyFile !== undefined,
    message: 'signs nothing beside JWT_PRIVATE_KEY_FILE: move it to JWT_PREVIOUS_SECRETS for a day',
  },
  {
    names: ['JWT_ALGORITHM', 'JWT_PRIVATE_KEY_FILE'],
    broken: ({ tokens }) => tokens.algorithm === 'HS256' && tokens.privateKeyFile !== undefined,
    message: 'is for secrets, though JWT_PRIVATE_KEY_FILE is set',
  },
  {
    names: ['JWT_ALGORITHM', 'JWT_PRIVATE_KEY_FILE'],
    broken: ({ tokens }) => (tokens.algorithm ?? 'HS256') !== 'HS256' && tokens.privateKeyFile === undefined,
    message: 'needs JWT_PRIVATE_KEY_FILE unless it is HS256',
  },
  {
    names: ['JWT_SECRET'],
    broken: (values) => inProduction(values) && values.tokens.secret !== undefined && isGuessable(values.tokens.secret),
    message: 'can be guessed: make one with "openssl rand -base64 48"',
  },
  {
    names: ['JWT_PREVIOUS_SECRETS'],
    broken: (values) => inProduction(values) && values.tokens.previousSecrets.some(isGuessable),
    message: 'has one that can be guessed',
  },
  {
    names: ['JWT_PREVIOUS_SECRETS', 'JWT_SECRET'],
    broken: ({ tokens }) => isReused([tokens.secret], tokens.previousSecrets),
    message: 'contains JWT_SECRET itself',
  },
  {
    names: ['JWT_SECRET', 'DATABASE_URL', 'DATABASE_MIGRATION_URL', 'ADMIN_PASSWORD'],
    broken: (values) => isReused([values.tokens.secret], [...databasePasswords(values), values.admin.password]),
    message: 'is also the password of the database or the administrator',
  },
  {
    names: ['ADMIN_PASSWORD', 'DATABASE_URL', 'DATABASE_MIGRATION_URL'],
    broken: (values) => isReused([values.admin.password], databasePasswords(values)),
    message: 'is also the password of the database',
  },
  {
    names: ['ADMIN_PASSWORD'],
    broken: ({ admin }, text) => admin.password === undefined && !!(text('ADMIN_USERNAME') ?? text('ADMIN_EMAIL')),
    message: 'is required where ADMIN_USERNAME or ADMIN_EMAIL is set',
  },
  {
    names: ['ADMIN_PASSWORD'],
    broken: ({ admin, passwords }) => {
      if (admin.password === undefined) return false
      // Counted as the service counts passwords: characters, not UTF-16 units, after normalisation.
      const length = [...admin.password.normalize('NFKC')].length
      return length < passwords.minLength || length > 128
    },
    message: 'must have from PASSWORD_MIN_LENGTH to 128 characters',
  },
  {
    names: ['REFRESH_TOKEN_EXPIRE_MINUTES', 'ACCESS_TOKEN_EXPIRE_MINUTES'],
    broken: ({ tokens }) => tokens.refreshMinutes < tokens.accessMinutes,
    message: 'must not be less than ACCESS_TOKEN_EXPIRE_MINUTES',
  },
  {
    names: ['CORS_ORIGINS'],
    broken: (values) => inProduction(values) && values.http.corsOrigins === '*',
    message: 'must list its origins in production',
  },
  {
    names: ['TRUST_PROXY'],
    broken: (values) => inProduction(values) && values.http.trustProxy === true,
    message: 'must say which proxies or how many in production, or any client could choose its address',
  },
  {
    names: ['SIGNUP_ENABLED', 'SMTP_URL'],
    broken: (values) => inProduction(values) && values.app.signupEnabled && values.mail.smtpUrl === undefined,
    message: 'needs SMTP_URL in production: nobody else could confirm an address',
  },
  {
    names: ['PUBLIC_URL', 'SMTP_URL'],
    broken: (values, text) => mailsInProduction(values) && text('PUBLIC_URL') === undefined,
    message: 'is required in production where SMTP_URL is set: the links in mails begin with it',
  },
  {
    names: ['MAIL_FROM', 'SMTP_URL'],
    broken: (values, text) => mailsInProduction(values) && text('MAIL_FROM') === undefined,
    message: 'is required in production where SMTP_URL is set',
  },
  {
    names: ['DEBUG'],
    broken: (values) => inProduction(values) && values.log.debug,
    message: 'must not be true in production',
  },
  {
    names: ['NODE_ENV'],
    broken: (values, text) => inProduction(values) && (text('NODE_ENV') ?? 'production') !== 'production',
    message: 'must be production, or unset, where ENVIRONMENT is production',
  },
  {
    names: ['ARGON2_MEMORY_KIB', 'ARGON2_TIME_COST'],
    // The two strongest pairs of the OWASP Password Storage Cheat Sheet.
    broken: (values) =>
      inProduction(values) &&
      values.passwords.argon2MemoryKib < (values.passwords.argon2TimeCost < 2 ? 47_104 : 19_456),
    message: 'must be 19456 at least in production, or 47104 where ARGON2_TIME_COST is 1',
  },
]

/** Each of these is said in the log. */
export const cautions: readonly Rule[] = [
  {
    names: ['SMTP_URL'],
    broken: (values) => inProduction(values) && values.mail.smtpUrl === undefined,
    message: 'is not set: mails are written as files into DATA_DIR/mail and reach nobody, password resets among them',
  },
  {
    names: ['BCRYPT_ROUNDS'],
    broken: ({ passwords }) => passwords.bcryptRounds !== undefined,
    message: 'has no effect: passwords are hashed with argon2id, see ARGON2_MEMORY_KIB and ARGON2_TIME_COST',
  },
  {
    names: ['ENVIRONMENT'],
    broken: (values, text) => !inProduction(values) && text('NODE_ENV') === 'production',
    message: 'is not production though NODE_ENV is, so nothing unsafe is refused',
  },
  {
    names: ['PUBLIC_URL'],
    broken: (values) => inProduction(values) && !values.http.publicUrl.startsWith('https:'),
    message: 'is not an https address',
  },
  {
    names: ['DATABASE_URL'],
    broken: (values) => inProduction(values) && crossesNetworkInClear(values.database.url),
    message: 'reaches another machine without TLS: add sslmode=verify-full',
  },
  {
    names: ['REDIS_URL'],
    broken: (values) => inProduction(values) && reachesRedisInClear(values.redis.url),
    message: 'reaches another machine without TLS: use rediss://',
  },
  {
    names: ['SESSION_MAX_DAYS'],
    broken: ({ tokens }) => tokens.refreshMinutes > tokens.sessionMaxDays * 24 * 60,
    message: 'ends a session before REFRESH_TOKEN_EXPIRE_MINUTES does',
  },
]
