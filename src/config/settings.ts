import {
  allowedHost,
  databaseUrl,
  flag,
  integer,
  list,
  logLevel,
  matching,
  oneOf,
  optional,
  origins,
  publicUrl,
  redisUrl,
  secret,
  smtpUrl,
  trustProxy,
  unlessOff,
  type Reader,
} from './readers.ts'
import { fileVariable } from './secretFiles.ts'

export interface Setting<Value> {
  /** The environment variable. */
  name: string
  read: Reader<Value>
  /** As it would be written in `.env`; empty where unset means something of its own. */
  default: string
  /** One line for `.env.example` and the README. */
  meaning: string
  /** Whether it is a secret, which may be the content of a file: `NAME_FILE`. */
  isSecret?: true
}

function setting<Value>(name: string, read: Reader<Value>, fallback: string | number, meaning: string): Setting<Value> {
  return { name, read, default: String(fallback), meaning }
}

function secretSetting<Value>(name: string, read: Reader<Value>, meaning: string): Setting<Value> {
  return { ...setting(name, read, '', `${meaning}; or ${fileVariable(name)}, a file that holds it`), isSecret: true }
}

const line = matching(/^[^\p{Cc}]{1,200}$/u, 'one line of at most 200 characters')
const hostName = matching(/^[A-Za-z0-9.:_-]{1,253}$/, 'a host name or an IP address')
const username = matching(/^[A-Za-z0-9._-]{3,32}$/, '3 to 32 letters, digits, ".", "_" or "-"')
/** As the contract has it: within the 254 characters a mailbox may have (RFC 5321 section 4.5.3.1), 64 before the `@`. */
const email = matching(
  /^(?=.{6,254}$)(?=[^@]{1,64}@)[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]$/,
  'an e-mail address',
)

const mailFrom = matching(
  /^(?:[^<>\p{Cc}]{1,100} )?<?[^\s<>@]{1,64}@[A-Za-z0-9.-]{1,253}>?$/u,
  'an address, or a name and an address as in "Name <address>"',
)

/**
 * Every setting there is: a line here is all a new one needs. `Config` is this table with each setting replaced by its
 * value, and `.env.example` and the README's table are made from it.
 */
// prettier-ignore
export const settings = {
  app: {
    environment: setting('ENVIRONMENT', oneOf('development', 'production', 'test'), 'development', 'development, production or test; production refuses unsafe settings'),
    name: setting('APP_NAME', line, 'User Management API', 'What the service calls itself'),
    signupEnabled: setting('SIGNUP_ENABLED', flag, 'false', 'true lets people register themselves; in production it needs SMTP_URL'),
    dataDir: setting('DATA_DIR', line, '.data', 'Folder of the embedded database and of whatever else is kept without servers'),
  },
  http: {
    host: setting('HOST', hostName, '127.0.0.1', 'Address to listen on; 0.0.0.0 by default in production'),
    port: setting('PORT', integer(0, 65_535), 8000, 'Port to listen on; 0 takes a free one'),
    publicUrl: setting('PUBLIC_URL', publicUrl, 'http://localhost:8000', 'Where clients reach the service, without final slash; follows PORT by default; required in production with SMTP_URL'),
    allowedHosts: setting('ALLOWED_HOSTS', list(allowedHost), '', 'Host names the service answers for, separated by commas; any by default'),
    corsOrigins: setting('CORS_ORIGINS', origins, '', 'Origins whose pages may call the API, separated by commas; * only outside production'),
    trustProxy: setting('TRUST_PROXY', trustProxy, 'false', 'Number of proxies in front, or their addresses and subnets (loopback, linklocal, uniquelocal) separated by commas'),
  },
  log: {
    level: setting('LOG_LEVEL', logLevel, 'info', 'trace, debug, info, warn, error, fatal or silent'),
    debug: setting('DEBUG', flag, 'false', 'true lowers LOG_LEVEL to debug; not in production'),
  },
  metrics: {
    host: setting('METRICS_HOST', hostName, '127.0.0.1', 'Address on which Prometheus finds the metrics; 0.0.0.0 by default in production'),
    port: setting('METRICS_PORT', unlessOff(integer(0, 65_535)), 9464, 'Port of the metrics, never that of the API; 0 takes a free one, off turns them off; where another process has the default, there are none'),
  },
  database: {
    url: secretSetting('DATABASE_URL', optional(databaseUrl), 'postgresql://user:password@host:5432/database; without it an embedded PostgreSQL runs in DATA_DIR'),
    migrationUrl: secretSetting('DATABASE_MIGRATION_URL', optional(databaseUrl), 'The same database for a user who may change its schema; DATABASE_URL by default'),
    poolSize: setting('DATABASE_POOL_SIZE', integer(1, 1000), 10, 'Connections kept by each instance for requests; one more is for its probe'),
  },
  redis: {
    url: secretSetting('REDIS_URL', optional(redisUrl), 'redis://user:password@host:6379/0 or rediss://…, shared by all instances; without it cache and limits live in the process, right for one instance only'),
  },
  tokens: {
    secret: secretSetting('JWT_SECRET', optional(secret), 'Signs access tokens, 32 random bytes at least (openssl rand -base64 48); made and kept in DATA_DIR outside production'),
    previousSecrets: secretSetting('JWT_PREVIOUS_SECRETS', list(secret), 'Earlier secrets whose tokens are still accepted, separated by commas'),
    privateKeyFile: setting('JWT_PRIVATE_KEY_FILE', optional(line), '', 'File whose key signs access tokens in place of JWT_SECRET: Ed25519, P-256 or RSA; "npm run keys" makes and rotates it'),
    publicKeysDir: setting('JWT_PUBLIC_KEYS_DIR', optional(line), '', 'Folder of further public keys (*.pem) whose tokens are accepted'),
    algorithm: setting('JWT_ALGORITHM', optional(oneOf('HS256', 'EdDSA', 'ES256', 'RS256')), '', 'Signature algorithm of access tokens; that of JWT_PRIVATE_KEY_FILE by default, or HS256 without one'),
    accessMinutes: setting('ACCESS_TOKEN_EXPIRE_MINUTES', integer(1, 1440), 15, 'Life of an access token'),
    refreshMinutes: setting('REFRESH_TOKEN_EXPIRE_MINUTES', integer(1, 525_600), 10_080, 'How long a session may lie idle'),
    sessionLimit: setting('SESSION_LIMIT', integer(1, 100), 20, 'Sessions a user may have; a further one ends the longest unused'),
    sessionMaxDays: setting('SESSION_MAX_DAYS', integer(1, 365), 30, 'When a session ends however busy it is'),
  },
  mail: {
    smtpUrl: secretSetting('SMTP_URL', optional(smtpUrl), 'smtp://user:password@host:587 or smtps://…; without it mails are written as files into DATA_DIR/mail'),
    from: setting('MAIL_FROM', mailFrom, 'User Management API <no-reply@localhost>', 'Sender of mails; required in production with SMTP_URL'),
  },
  users: {
    deletedRetentionDays: setting('DELETED_USER_RETENTION_DAYS', integer(0, 36_500), 30, 'How long deleted users can be restored before they are erased; 0 keeps them until somebody erases them'),
  },
  admin: {
    username: setting('ADMIN_USERNAME', username, 'admin', 'Username of the first administrator'),
    email: setting('ADMIN_EMAIL', email, 'admin@example.com', 'E-mail address of the first administrator'),
    password: secretSetting('ADMIN_PASSWORD', optional((text) => text), 'Password of the first administrator; needed where one of the two above is set'),
  },
  rateLimits: {
    authPerMinute: setting('RATE_LIMIT_AUTH_PER_MINUTE', integer(0, 1_000_000), 5, 'Logins and the like per address; 0 is no limit'),
    readsPerHour: setting('RATE_LIMIT_READS_PER_HOUR', integer(0, 1_000_000_000), 1000, 'Reads per user; 0 is no limit'),
    writesPerHour: setting('RATE_LIMIT_WRITES_PER_HOUR', integer(0, 1_000_000_000), 100, 'Changes per user; 0 is no limit'),
  },
  audit: {
    sealSeconds: setting('AUDIT_SEAL_SECONDS', integer(1, 3600), 10, 'How often new audit events are sealed'),
    sealKeyFile: setting('AUDIT_SEAL_KEY_FILE', optional(line), '', 'File of the Ed25519 key that signs seals (openssl genpkey -algorithm ed25519); made and kept in DATA_DIR where that can be written, else derived from the signing secret'),
  },
  passwords: {
    minLength: setting('PASSWORD_MIN_LENGTH', integer(12, 64), 12, 'Shortest password, in characters'),
    argon2MemoryKib: setting('ARGON2_MEMORY_KIB', integer(8192, 1_048_576), 19_456, 'Memory of one password hash; production needs 19456 with two passes or 47104 with one'),
    argon2TimeCost: setting('ARGON2_TIME_COST', integer(1, 20), 2, 'Passes over that memory'),
    argon2Parallelism: setting('ARGON2_PARALLELISM', integer(1, 16), 1, 'Lanes of one password hash'),
    pepperFile: setting('PASSWORD_PEPPER_FILE', optional(line), '', 'File of secrets added to every password before hashing; lines <id>:<base64 of at least 32 bytes>, the current one first'),
    firebaseSignerKeysFile: setting('FIREBASE_SIGNER_KEYS_FILE', optional(line), '', 'File of the signer keys that imported Firebase hashes name as kid; lines <id>:<base64_signer_key of the project>'),
    bcryptRounds: setting('BCRYPT_ROUNDS', optional((text) => text), '', 'Replaced by ARGON2_*: passwords are hashed with argon2id'),
  },
}

type ValueOf<Each> = Each extends Setting<infer Value> ? Value : never

/** The table above with each setting replaced by its value. */
export type Values = {
  readonly [Group in keyof typeof settings]: {
    readonly [Key in keyof (typeof settings)[Group]]: ValueOf<(typeof settings)[Group][Key]>
  }
}
