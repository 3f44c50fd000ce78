import { randomBytes } from 'node:crypto'
import express from 'express'
import { readConfig } from '../src/config.ts'
import { describeConfig } from '../src/config/document.ts'

const strong = () => randomBytes(48).toString('base64')
const [secret, otherSecret] = [strong(), strong()]
const production = {
  ENVIRONMENT: 'production',
  DATABASE_URL: 'postgresql://users:7hK2p@127.0.0.1:5432/users',
  JWT_SECRET: secret,
  PUBLIC_URL: 'https://users.example.com',
  SMTP_URL: 'smtps://mail.example.com',
  MAIL_FROM: 'Desk <desk@example.com>',
}

describe('a good configuration', () => {
  test('has defaults, and empty is unset', () => {
    const config = readConfig({})
    expect(config).toEqual({
      app: { environment: 'development', name: 'User Management API', signupEnabled: false, dataDir: '.data' },
      http: {
        host: '127.0.0.1',
        port: 8000,
        publicUrl: 'http://localhost:8000',
        allowedHosts: [],
        corsOrigins: [],
        trustProxy: false,
      },
      log: { level: 'info', debug: false },
      metrics: { host: '127.0.0.1', port: 9464, isPortChosen: false },
      database: { url: undefined, migrationUrl: undefined, poolSize: 10 },
      redis: { url: undefined },
      tokens: {
        secret: undefined,
        previousSecrets: [],
        privateKeyFile: undefined,
        publicKeysDir: undefined,
        algorithm: undefined,
        accessMinutes: 15,
        refreshMinutes: 10_080,
        sessionLimit: 20,
        sessionMaxDays: 30,
      },
      mail: { smtpUrl: undefined, from: 'User Management API <no-reply@localhost>' },
      admin: { username: 'admin', email: 'admin@example.com', password: undefined },
      audit: { sealKeyFile: undefined, sealSeconds: 10 },
      rateLimits: { authPerMinute: 5, readsPerHour: 1000, writesPerHour: 100 },
      passwords: {
        minLength: 12,
        argon2MemoryKib: 19_456,
        argon2TimeCost: 2,
        argon2Parallelism: 1,
        pepperFile: undefined,
        firebaseSignerKeysFile: undefined,
        bcryptRounds: undefined,
      },
      users: { deletedRetentionDays: 30 },
      warnings: [],
    })
    expect(readConfig(Object.fromEntries(describeConfig().map(({ name }) => [name, ''])))).toEqual(config)
  })

  test('for production is read as written', () => {
    const config = readConfig({
      ...production,
      NODE_ENV: 'production',
      PORT: '9000',
      JWT_PREVIOUS_SECRETS: `${otherSecret}, ${strong()},`,
      CORS_ORIGINS: 'https://a.example, http://localhost:3000',
      ADMIN_PASSWORD: 'SecurePass123!',
      RATE_LIMIT_AUTH_PER_MINUTE: '0',
    })
    expect(config.http).toEqual({
      host: '0.0.0.0',
      port: 9000,
      publicUrl: 'https://users.example.com',
      allowedHosts: [],
      corsOrigins: ['https://a.example', 'http://localhost:3000'],
      trustProxy: false,
    })
    expect(config.tokens.secret).toBe(secret)
    expect(config.tokens.previousSecrets).toHaveLength(2)
    expect(config.admin).toEqual({ username: 'admin', email: 'admin@example.com', password: 'SecurePass123!' })
    expect(config.rateLimits.authPerMinute).toBe(0)
    expect(config.warnings).toEqual([])
  })

  test('has defaults that follow other settings', () => {
    expect(readConfig({ PORT: '3000' }).http.publicUrl).toBe('http://localhost:3000')
    expect(readConfig({ ...production, HOST: '::1' }).http.host).toBe('::1')
    expect(readConfig({ ENVIRONMENT: 'test', PORT: '0' }).http).toMatchObject({ host: '127.0.0.1', port: 0 })
    expect(readConfig({ PUBLIC_URL: 'https://example.com/people' }).http.publicUrl).toBe('https://example.com/people')
  })

  test('shows metrics to Prometheus, on another port, and in tests only where one is named', () => {
    expect(readConfig(production).metrics).toEqual({ host: '0.0.0.0', port: 9464, isPortChosen: false })
    expect(readConfig({ ...production, METRICS_HOST: '10.0.0.1', METRICS_PORT: '9000' }).metrics.host).toBe('10.0.0.1')
    expect(readConfig({ METRICS_PORT: 'off' }).metrics.port).toBeUndefined()
    expect(readConfig({ ENVIRONMENT: 'test' }).metrics.port).toBeUndefined()
    expect(readConfig({ ENVIRONMENT: 'test', METRICS_PORT: '0' }).metrics.port).toBe(0)
  })

  test.each([
    ['WARNING', 'false', 'warn'],
    ['DEBUG', 'false', 'debug'],
    ['error', 'True', 'debug'],
    ['trace', 'true', 'trace'],
    ['', 'true', 'debug'],
    ['Silent', '', 'silent'],
  ])('LOG_LEVEL %j and DEBUG %j log from %s', (LOG_LEVEL, DEBUG, level) => {
    expect(readConfig({ LOG_LEVEL, DEBUG }).log.level).toBe(level)
  })

  test.each([
    ['2', 2],
    ['0', 0],
    ['false', false],
    ['loopback, 10.0.0.0/8', ['loopback', '10.0.0.0/8']],
    [
      '2001:db8::/32,::1,192.0.2.7,uniquelocal,linklocal',
      ['2001:db8::/32', '::1', '192.0.2.7', 'uniquelocal', 'linklocal'],
    ],
    ['fe80::1%eth0', ['fe80::1%eth0']],
  ])('TRUST_PROXY %j is taken by Express', (TRUST_PROXY, expected) => {
    const { trustProxy } = readConfig({ ...production, TRUST_PROXY }).http
    expect(trustProxy).toEqual(expected)
    expect(express().set('trust proxy', trustProxy).get('trust proxy')).toEqual(expected)
  })

  test.each(['base64', 'base64url', 'hex'] as const)(
    'random secrets are never taken for made-up ones: %s',
    (encoding) => {
      for (let round = 0; round < 500; round++) {
        const JWT_SECRET = randomBytes(32).toString(encoding)
        expect(readConfig({ ...production, JWT_SECRET }).tokens.secret).toBe(JWT_SECRET)
      }
    },
  )

  test('for production needs no secret where there is a key file', () => {
    const { tokens } = readConfig({
      ...production,
      JWT_SECRET: '',
      JWT_PREVIOUS_SECRETS: secret,
      JWT_PRIVATE_KEY_FILE: 'keys/signing.pem',
      JWT_PUBLIC_KEYS_DIR: 'keys/public',
      JWT_ALGORITHM: 'EdDSA',
    })
    expect(tokens).toMatchObject({
      secret: undefined,
      previousSecrets: [secret],
      privateKeyFile: 'keys/signing.pem',
      publicKeysDir: 'keys/public',
      algorithm: 'EdDSA',
    })
  })

  test.each([
    ['47104', '1'],
    ['19456', '2'],
  ])('production hashes with %s KiB and %s passes', (ARGON2_MEMORY_KIB, ARGON2_TIME_COST) => {
    expect(readConfig({ ...production, ARGON2_MEMORY_KIB, ARGON2_TIME_COST }).passwords).toMatchObject({
      argon2MemoryKib: Number(ARGON2_MEMORY_KIB),
      argon2TimeCost: Number(ARGON2_TIME_COST),
    })
  })
})

describe('a warning', () => {
  test.each([
    ['BCRYPT_ROUNDS', { BCRYPT_ROUNDS: '12' }],
    ['ENVIRONMENT', { ENVIRONMENT: 'development', NODE_ENV: 'production' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'http://users.example.com' }],
    ['SMTP_URL', { SMTP_URL: '', MAIL_FROM: '' }],
    ['DATABASE_URL', { DATABASE_URL: 'postgresql://users@database.example/users' }],
    ['DATABASE_URL', { DATABASE_URL: 'postgresql://users@database.example/users?sslmode=prefer' }],
    ['DATABASE_URL', { DATABASE_URL: 'postgresql://localhost/users?host=database.example' }],
    ['REDIS_URL', { REDIS_URL: 'redis://redis.example:6379' }],
    ['SESSION_MAX_DAYS', { SESSION_MAX_DAYS: '6' }],
  ])('names %s: %j', (name, changed) => {
    const { warnings } = readConfig({ ...production, ...changed })
    expect(warnings.map((warning) => warning.split(' ')[0])).toEqual([name])
  })

  test.each([
    'postgresql:///users',
    'postgresql:///users?host=/var/run/postgresql',
    'postgres://users@localhost/users',
    'postgresql://users@[::1]:5432/users',
    'postgresql://users@database.example/users?sslmode=verify-full',
  ])('is not given for a local or encrypted database: %s', (DATABASE_URL) => {
    expect(readConfig({ ...production, DATABASE_URL }).warnings).toEqual([])
  })
})
