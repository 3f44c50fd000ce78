import { randomBytes } from 'node:crypto'
import { ConfigError, readConfig } from '../../src/config.ts'
import { describeConfig } from '../../src/config/document.ts'

type Env = Record<string, string>

const strong = () => randomBytes(48).toString('base64')
const [secret, otherSecret] = [strong(), strong()]
const production: Env = {
  ENVIRONMENT: 'production',
  DATABASE_URL: 'postgresql://users:7hK2p@127.0.0.1:5432/users',
  JWT_SECRET: secret,
  PUBLIC_URL: 'https://users.example.com',
}
const databaseWithPassword = (password: string) => `postgresql://users:${encodeURIComponent(password)}@127.0.0.1/users`

function refusal(env: Record<string, string | undefined>): ConfigError {
  try {
    readConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error
    throw error
  }
  throw new Error('the configuration was accepted')
}

/** The variables blamed, then what was wrong on top of a good configuration. */
const bad: [string, Env][] = [
  ['ENVIRONMENT', { ENVIRONMENT: 'staging' }],
  ['APP_NAME', { APP_NAME: 'two\nlines' }],
  ['HOST', { HOST: 'http://0.0.0.0' }],
  ['PORT', { PORT: '65536' }],
  ['PORT', { PORT: '0x1F90' }],
  ['PORT', { PORT: '08000' }],
  ['PORT', { PORT: ' 8000' }],
  ['PORT', { PORT: '-8000' }],
  ['PORT', { PORT: '8000.0' }],
  ['METRICS_PORT', { METRICS_PORT: '65536' }],
  ['METRICS_PORT', { METRICS_PORT: 'none' }],
  ['METRICS_PORT', { METRICS_PORT: '9000', PORT: '9000' }],
  ['METRICS_HOST', { METRICS_HOST: 'http://127.0.0.1' }],
  ['PUBLIC_URL', { PUBLIC_URL: 'https://users.example.com/' }],
  ['PUBLIC_URL', { PUBLIC_URL: 'https://users.example.com?x=1' }],
  ['PUBLIC_URL', { PUBLIC_URL: 'https://me:pw@users.example.com' }],
  ['PUBLIC_URL', { PUBLIC_URL: 'users.example.com' }],
  ['PUBLIC_URL', { PUBLIC_URL: 'ftp://users.example.com' }],
  ['ALLOWED_HOSTS', { ALLOWED_HOSTS: 'https://a.example' }],
  ['ALLOWED_HOSTS', { ALLOWED_HOSTS: 'a.example:8000' }],
  ['CORS_ORIGINS', { CORS_ORIGINS: 'https://a.example/' }],
  ['CORS_ORIGINS', { CORS_ORIGINS: 'https://a.example,https://b.example/path' }],
  ['CORS_ORIGINS', { CORS_ORIGINS: 'https://a.example,*' }],
  ['CORS_ORIGINS', { CORS_ORIGINS: 'https://*.a.example:443' }],
  ['CORS_ORIGINS', { CORS_ORIGINS: 'null,file:///tmp' }],
  ['TRUST_PROXY', { TRUST_PROXY: 'everyone' }],
  ['TRUST_PROXY', { TRUST_PROXY: '10.0.0.0/33' }],
  ['TRUST_PROXY', { TRUST_PROXY: '0.0.0.0/0' }],
  ['TRUST_PROXY', { TRUST_PROXY: '10.0.0.1,true' }],
  ['TRUST_PROXY', { TRUST_PROXY: '1000' }],
  ['LOG_LEVEL', { LOG_LEVEL: 'verbose' }],
  ['DEBUG', { DEBUG: 'express:*' }],
  ['DATABASE_URL', { DATABASE_URL: 'mysql://users@127.0.0.1/users' }],
  ['DATABASE_URL', { DATABASE_URL: 'postgresql://users:p#ss/word@127.0.0.1/users' }],
  ['DATABASE_URL', { DATABASE_URL: 'postgresql://users:100%@127.0.0.1/users' }],
  ['DATABASE_MIGRATION_URL', { DATABASE_MIGRATION_URL: 'users' }],
  ['DATABASE_MIGRATION_URL', { DATABASE_URL: '', DATABASE_MIGRATION_URL: 'postgresql://users@127.0.0.1/users' }],
  ['DATABASE_POOL_SIZE', { DATABASE_POOL_SIZE: '0' }],
  ['REDIS_URL', { REDIS_URL: '127.0.0.1:6379' }],
  ['REDIS_URL', { REDIS_URL: 'http://127.0.0.1:6379' }],
  ['REDIS_URL', { REDIS_URL: 'redis://:pa%ss@127.0.0.1' }],
  ['REDIS_URL', { REDIS_URL: 'redis://127.0.0.1/cache' }],
  ['REDIS_URL', { REDIS_URL: 'redis://127.0.0.1/0?keyPrefix=x' }],
  ['REDIS_URL', { REDIS_URL: 'redis:///0' }],
  ['JWT_SECRET', { JWT_SECRET: strong().slice(0, 31) }],
  ['JWT_SECRET', { JWT_SECRET: `${strong()},` }],
  ['JWT_SECRET', { JWT_SECRET: `${strong()}\n` }],
  ['JWT_SECRET', { DATABASE_URL: databaseWithPassword(secret), JWT_SECRET: secret }],
  [
    'JWT_SECRET',
    {
      DATABASE_URL: 'postgresql://127.0.0.1/users',
      DATABASE_MIGRATION_URL: databaseWithPassword(secret),
      JWT_SECRET: secret,
    },
  ],
  ['JWT_SECRET', { ADMIN_PASSWORD: secret, JWT_SECRET: secret }],
  ['JWT_PREVIOUS_SECRETS', { JWT_PREVIOUS_SECRETS: `${strong()},short-one` }],
  ['JWT_PREVIOUS_SECRETS', { JWT_PREVIOUS_SECRETS: `${otherSecret},${secret}`, JWT_SECRET: secret }],
  ['JWT_ALGORITHM', { JWT_ALGORITHM: 'none' }],
  ['JWT_ALGORITHM', { JWT_ALGORITHM: 'HS512' }],
  ['JWT_ALGORITHM', { JWT_ALGORITHM: 'EdDSA' }],
  ['JWT_ALGORITHM', { JWT_ALGORITHM: 'RS256', JWT_SECRET: secret }],
  ['JWT_ALGORITHM', { JWT_ALGORITHM: 'HS256', JWT_PRIVATE_KEY_FILE: 'keys/signing.pem' }],
  ['JWT_SECRET', { JWT_SECRET: secret, JWT_PRIVATE_KEY_FILE: 'keys/signing.pem' }],
  ['JWT_PRIVATE_KEY_FILE', { JWT_PRIVATE_KEY_FILE: 'two\nlines' }],
  ['ACCESS_TOKEN_EXPIRE_MINUTES', { ACCESS_TOKEN_EXPIRE_MINUTES: '0' }],
  ['REFRESH_TOKEN_EXPIRE_MINUTES', { REFRESH_TOKEN_EXPIRE_MINUTES: '1e4' }],
  ['REFRESH_TOKEN_EXPIRE_MINUTES', { ACCESS_TOKEN_EXPIRE_MINUTES: '30', REFRESH_TOKEN_EXPIRE_MINUTES: '29' }],
  ['SESSION_MAX_DAYS', { SESSION_MAX_DAYS: 'forever' }],
  ['ADMIN_USERNAME', { ADMIN_USERNAME: 'the boss', ADMIN_PASSWORD: 'SecurePass123!' }],
  ['ADMIN_EMAIL', { ADMIN_EMAIL: 'boss@', ADMIN_PASSWORD: 'SecurePass123!' }],
  ['ADMIN_EMAIL', { ADMIN_EMAIL: `boss@${'a'.repeat(250)}`, ADMIN_PASSWORD: 'SecurePass123!' }],
  ['ADMIN_EMAIL ADMIN_PASSWORD', { ADMIN_EMAIL: 'boss at home' }],
  ['ADMIN_PASSWORD', { ADMIN_USERNAME: 'boss' }],
  ['ADMIN_PASSWORD', { ADMIN_EMAIL: 'boss@example.com' }],
  ['ADMIN_PASSWORD', { ADMIN_PASSWORD: 'eleven char' }],
  ['ADMIN_PASSWORD', { ADMIN_PASSWORD: '😀'.repeat(11) }],
  ['ADMIN_PASSWORD', { ADMIN_PASSWORD: 'e\u0301'.repeat(11) }],
  ['ADMIN_PASSWORD', { ADMIN_PASSWORD: 'x'.repeat(129) }],
  ['ADMIN_PASSWORD', { ADMIN_PASSWORD: 'SecurePass123!', PASSWORD_MIN_LENGTH: '15' }],
  ['ADMIN_PASSWORD', { ADMIN_PASSWORD: 'SecurePass123!', DATABASE_URL: databaseWithPassword('SecurePass123!') }],
  ['RATE_LIMIT_AUTH_PER_MINUTE', { RATE_LIMIT_AUTH_PER_MINUTE: '-1' }],
  ['RATE_LIMIT_READS_PER_HOUR', { RATE_LIMIT_READS_PER_HOUR: 'Infinity' }],
  ['RATE_LIMIT_WRITES_PER_HOUR', { RATE_LIMIT_WRITES_PER_HOUR: '1_000' }],
  ['PASSWORD_MIN_LENGTH', { PASSWORD_MIN_LENGTH: '8' }],
  ['ARGON2_MEMORY_KIB', { ARGON2_MEMORY_KIB: '4096' }],
  ['ARGON2_TIME_COST', { ARGON2_TIME_COST: '0' }],
  ['ARGON2_PARALLELISM', { ARGON2_PARALLELISM: '17' }],
  [
    'PORT DEBUG JWT_SECRET REFRESH_TOKEN_EXPIRE_MINUTES ADMIN_PASSWORD',
    { PORT: 'x', DEBUG: 'maybe', JWT_SECRET: 'tiny', REFRESH_TOKEN_EXPIRE_MINUTES: '5', ADMIN_USERNAME: 'boss' },
  ],
  // A slip in one variable is not blamed on another.
  ['ACCESS_TOKEN_EXPIRE_MINUTES', { ACCESS_TOKEN_EXPIRE_MINUTES: 'x', REFRESH_TOKEN_EXPIRE_MINUTES: '5' }],
]

const badInProduction: [string, Env][] = [
  ['DATABASE_URL', { DATABASE_URL: '' }],
  ['DATABASE_URL', { DATABASE_URL: 'mysql://users@127.0.0.1/users' }],
  ['JWT_SECRET', { JWT_SECRET: '' }],
  ['JWT_SECRET', { JWT_SECRET: '<your-secret-key>' }],
  ['JWT_SECRET', { JWT_SECRET: '<put here what the operator made>' }],
  ['JWT_SECRET', { JWT_SECRET: 'changeme-changeme-changeme-in-prod' }],
  ['JWT_SECRET', { JWT_SECRET: 'My-Super-SECRET-key-2f9a41c07be35d' }],
  ['JWT_SECRET', { JWT_SECRET: 'x'.repeat(64) }],
  ['JWT_SECRET', { JWT_SECRET: '01'.repeat(20) + '2' }],
  ['JWT_SECRET', { JWT_SECRET: '0a9b8c7d6e5f'.repeat(3) }],
  ['JWT_PREVIOUS_SECRETS', { JWT_PREVIOUS_SECRETS: `${otherSecret}, ${'y'.repeat(40)}` }],
  ['CORS_ORIGINS', { CORS_ORIGINS: '*' }],
  ['DEBUG', { DEBUG: 'true' }],
  ['TRUST_PROXY', { TRUST_PROXY: 'TRUE' }],
  ['NODE_ENV', { NODE_ENV: 'development' }],
  ['SIGNUP_ENABLED', { SIGNUP_ENABLED: 'true' }],
  ['PUBLIC_URL', { SMTP_URL: 'smtp://mail.example.com:587', MAIL_FROM: 'desk@example.com', PUBLIC_URL: '' }],
  ['MAIL_FROM', { SMTP_URL: 'smtp://mail.example.com:587' }],
  ['ARGON2_MEMORY_KIB', { ARGON2_MEMORY_KIB: '19455' }],
  ['ARGON2_MEMORY_KIB', { ARGON2_MEMORY_KIB: '47103', ARGON2_TIME_COST: '1' }],
  [
    'DATABASE_URL JWT_SECRET CORS_ORIGINS DEBUG',
    { DATABASE_URL: '', JWT_SECRET: '', CORS_ORIGINS: '*', DEBUG: 'true' },
  ],
]

function expectRefusal(env: Env, changed: Env, names: string) {
  const error = refusal(env)
  expect(error.faults.map(({ name }) => name).sort()).toEqual(names.split(' ').sort())
  for (const { name, message } of error.faults) expect(error.message).toContain(`${name} ${message}`)
  // Shorter values are words of the messages themselves, `true` for one.
  for (const value of Object.values(changed).filter(({ length }) => length > 4)) {
    expect(error.stack).not.toContain(value)
    expect(JSON.stringify(error)).not.toContain(value)
  }
}

describe('a bad configuration', () => {
  test.each(bad)('%#. blames %s alone, without its value', (names, changed) => {
    expectRefusal(changed, changed, names)
  })

  test.each(badInProduction)('%#. blames %s in production, without its value', (names, changed) => {
    expectRefusal({ ...production, ...changed }, changed, names)
  })

  test.each(['!', 'a', '0', '<your-secret-key>', ...describeConfig().map((setting) => setting.default)])(
    'JWT-02! an example is no secret: %j',
    (value) => {
      expect(refusal({ ...production, JWT_SECRET: value }).faults.map(({ name }) => name)).toEqual(['JWT_SECRET'])
    },
  )

  test('is accepted outside production where it is dangerous there alone', () => {
    const config = readConfig({
      JWT_SECRET: 'x'.repeat(32),
      JWT_PREVIOUS_SECRETS: 'y'.repeat(32),
      DATABASE_URL: 'postgresql://database.example/users',
      CORS_ORIGINS: '*',
      DEBUG: 'true',
      TRUST_PROXY: 'true',
      ARGON2_MEMORY_KIB: '8192',
      NODE_ENV: 'test',
    })
    expect(config.http).toMatchObject({ corsOrigins: '*', trustProxy: true })
    expect(config.warnings).toEqual([])
  })
})
