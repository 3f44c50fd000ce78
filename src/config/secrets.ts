import type { Values } from './settings.ts'

const placeholder =
  /secret|password|passwd|change[-_ ]?(me|this|it)|replace[-_ ]?(me|this|it)|your[-_ ]?(own|jwt|key|super)|example|placeholder|default|insecure|12345678|abcdefgh|qwerty|<.*>$/i

/** Whether a person made it up; 32 random bytes look so less than once in a million times. */
export function isGuessable(secret: string): boolean {
  return placeholder.test(secret) || new Set(secret).size < 8 || /^(.{1,24}?)\1+$/s.test(secret)
}

/** Whether one secret does two jobs, so that who learns it in one place holds the other as well. */
export function isReused(secrets: readonly (string | undefined)[], others: readonly (string | undefined)[]): boolean {
  return secrets.some((secret) => secret !== undefined && others.includes(secret))
}

export function databasePasswords({ database }: Values): string[] {
  return [database.url, database.migrationUrl]
    .filter((url) => url !== undefined)
    .map((url) => decodeURIComponent(new URL(url).password))
    .filter((password) => password !== '')
}

function isLoopback(host: string): boolean {
  return host === '' || host.startsWith('/') || ['localhost', '127.0.0.1', '[::1]'].includes(host)
}

/** Whether the connection to Redis leaves the machine unencrypted. */
export function reachesRedisInClear(redisUrl: string | undefined): boolean {
  return redisUrl?.startsWith('redis:') === true && !isLoopback(new URL(redisUrl).hostname)
}

/** Whether the connection leaves the machine unencrypted. */
export function crossesNetworkInClear(databaseUrl: string | undefined): boolean {
  if (databaseUrl === undefined) return false
  const { hostname, searchParams } = new URL(databaseUrl)
  const host = searchParams.get('host') ?? hostname
  return !isLoopback(host) && !/^(require|verify-ca|verify-full)$/.test(searchParams.get('sslmode') ?? '')
}
